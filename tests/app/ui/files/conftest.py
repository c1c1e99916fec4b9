"""The window of recordings with texts in it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.correction import untimed_words
from sotto.app.core.projects.document import Document, Line, Word
from sotto.app.core.projects.project import Project, save_sound, save_text
from sotto.app.core.projects.queued import Queued, State, load_queue, save_queue
from sotto.app.service.recordings.recording_queue import RecordingQueue
from sotto.app.ui.files import FilesWindow
from sotto.app.ui.widgets.theme import style
from sotto.app.ui.widgets.theme.colours import LIGHT
from sotto.audio.input.source import SAMPLE_RATE

WAIT_MS = 60_000
LENGTH_S = 8.0
OpenFiles = Callable[[], FilesWindow]
Put = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


@pytest.fixture
def put(folder: Path, tmp_path: Path) -> Put:
    """List a recording that is transcribed: a line a text, two seconds each, words evenly."""

    def put_one(name: str, *texts: str, doubtful: str = "", speakers: Sequence[str] = ()) -> None:
        lines = []
        for number, text in enumerate(texts):
            start = 2.0 * number
            words = tuple(
                Word(w.text, w.start, w.end, 0.2 if w.text.strip() == doubtful else 0.9)
                for w in untimed_words(f" {text}", start, start + 2.0)
            )
            speaker = speakers[number % len(speakers)] if speakers else ""
            lines.append(Line(start, start + 2.0, words, speaker=speaker))
        row_id = name.partition(".")[0]
        source = tmp_path / name
        document = Document(tuple(lines))
        save_text(Project(source, LENGTH_S, "en", "tiny.en", "", document), folder / row_id)
        loudness = np.linspace(0, 0.5, round(LENGTH_S * SAMPLE_RATE), dtype=np.float32)
        save_sound(loudness, folder / row_id)
        queued = Queued(row_id, source, State.DONE, duration_s=LENGTH_S)
        save_queue((*load_queue(folder), queued), folder)

    return put_one


@pytest.fixture
def open_files(qtbot: QtBot, qapp: QApplication, folder: Path) -> Iterator[OpenFiles]:
    style.apply(LIGHT, qapp)
    owner = QObject()
    opened: list[tuple[FilesWindow, RecordingQueue]] = []

    def open_one() -> FilesWindow:
        n_listed = len(load_queue(folder))
        queue = RecordingQueue(folder, owner)
        window = FilesWindow(queue, LIGHT)
        opened.append((window, queue))
        queue.start()
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: len(queue.rows) == n_listed, timeout=WAIT_MS)
        if n_listed:
            qtbot.waitUntil(lambda: window.view.model.rowCount() > 0, timeout=WAIT_MS)
        return window

    yield open_one
    ended: list[None] = []
    for window, queue in opened:
        window.close()
        queue.close(lambda: ended.append(None))
    qtbot.waitUntil(lambda: len(ended) == len(opened), timeout=WAIT_MS)
    for window, _ in opened:
        window.deleteLater()
    owner.deleteLater()
