"""The real window in front of a recording, for pictures and films of it."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.core.spoken_languages import Spoken
from sotto.app.dictating.engine import Microphone, Session, Sink
from sotto.app.dictating.local_engine import LocalEngine
from sotto.app.dictating.session import Feed
from sotto.audio.files.reading import read_audio
from sotto.audio.input.file_source import FileSource
from sotto.audio.input.source import SAMPLE_RATE

if TYPE_CHECKING:
    from sotto.app.ui.main_window.main_window import MainWindow

POLL_MS = 50
GIVE_UP_MS = 900_000  # the graphs may have to be compiled first
PAUSE_S = 1.2  # before each recording; it ends an utterance


class Studio(LocalEngine):
    """This machine, with a recording in the place of its microphone."""

    def __init__(self, settings: SettingsStore, recording: Path) -> None:
        super().__init__(settings)
        self._recording = recording

    def microphones(self) -> tuple[Microphone, ...]:
        return (Microphone("", "Default microphone"),)

    def listen(
        self,
        _microphone: str,
        model: str,
        sink: Sink,
        spoken: Spoken | None = None,
        *,
        is_kept: bool = True,  # noqa: ARG002 (a film is not to be recovered)
    ) -> Session:
        return self._session(FileSource(self._recording), Feed.PLAYED, model, sink, spoken)


@contextmanager
def window(settings: Settings, recordings: Sequence[Path], size: str) -> "Iterator[MainWindow]":
    """Show the window on the display of this environment; it hears `recordings` when it listens.

    Args:
        settings: Of the window.
        recordings: Played one after another with pauses.
        size: Of the window in pixels, such as 880x640.
    """
    # Qt reads the environment, which names a display by now.
    from sotto.app.service.dictation import Dictation  # noqa: PLC0415
    from sotto.app.service.inventory import Inventory  # noqa: PLC0415
    from sotto.app.service.storage.text_storage import TextStorage  # noqa: PLC0415
    from sotto.app.ui.main_window.main_window import MainWindow  # noqa: PLC0415
    from sotto.app.ui.widgets.application import application  # noqa: PLC0415

    application(["sotto"])
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "recording.wav"
        soundfile.write(recording, _joined(recordings), SAMPLE_RATE)
        store = SettingsStore(settings)
        studio = Studio(store, recording)
        dictation, text_storage = Dictation(studio, store), TextStorage(Path(folder))
        shown = MainWindow(dictation, text_storage, Inventory(studio, store), store)
        shown.resize(*map(int, size.split("x")))
        shown.show()
        yield shown
        shown.close()
        wait_for(lambda: not shown.isVisible())


def starts_s(recordings: Sequence[Path]) -> list[float]:
    """Return when each recording begins, in seconds since the window listens."""
    lengths_s = [PAUSE_S + len(read_audio(path)) / SAMPLE_RATE for path in recordings]
    return [sum(lengths_s[:index], PAUSE_S) for index in range(len(recordings))]


def _joined(recordings: Sequence[Path]) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    pause = np.zeros(int(PAUSE_S * SAMPLE_RATE), np.float32)
    return np.concatenate([part for path in recordings for part in (pause, read_audio(path))])


def wait_for(condition: Callable[[], bool], every_ms: int = POLL_MS) -> None:
    """Let Qt run until the condition holds. QTest.qWait would keep the engine's thread waiting."""
    from PySide6.QtCore import QEventLoop, Qt, QTimer  # noqa: PLC0415  # see above

    loop, timer = QEventLoop(), QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: loop.quit() if condition() else None)
    timer.start(every_ms)
    QTimer.singleShot(GIVE_UP_MS, loop.quit)
    loop.exec()
