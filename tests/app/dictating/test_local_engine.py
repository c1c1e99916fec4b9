"""The window on the real engine: real model, real session, the bundled clips."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.dictating.local_engine import LocalEngine
from sotto.app.dictating.phases import Phase
from sotto.audio.input.source import Loss, Pcm
from tests.helpers.windows import new_window
from tests.helpers.words import are_heard

CLIPS = {
    "basic": "Hello Robert, how are you this morning? Maria has eleven reports and one late order. "
    "It is the second of May.",
    "tiny.en": "Printing, then, for our purpose, may be considered as the art of making books by "
    "means of movable types.",
}
COMPILED_WITHIN_MS = 600_000  # with cold caches the graphs are compiled first


def test_the_model_in_the_box_is_listed_as_such() -> None:
    models = LocalEngine(SettingsStore(Settings())).models()
    (box,) = (model for model in models if model.name == "basic")
    assert box.is_starter
    assert box.languages == ("en",)


def test_the_first_model_is_the_one_that_sotto_chooses() -> None:
    automatic, *named = LocalEngine(SettingsStore(Settings())).models()
    assert (automatic.name, automatic.shown) == ("", "Automatic · base")
    assert not automatic.is_starter
    base = next(model for model in named if model.name == "base")
    assert automatic.details == base.details
    assert base.details.startswith(
        "many languages · 145 MB · float16 · Sotto's folder · text after"
    )


@pytest.mark.parametrize(("model", "said"), CLIPS.items())
def test_a_bundled_clip_becomes_text_in_the_window(
    qtbot: QtBot, own_folders: None, texts: Path, model: str, said: str
) -> None:
    settings = SettingsStore(Settings(model=model))
    window = new_window(LocalEngine(settings), settings, texts)
    qtbot.addWidget(window)
    window.show()
    live: list[str] = []
    window.dictation.transcript_changed.connect(lambda transcript: live.append(transcript.live))
    window.play_clip()
    assert window.dictation.phase is Phase.PREPARING
    qtbot.waitUntil(lambda: window.dictation.phase is Phase.IDLE, timeout=COMPILED_WITHIN_MS)
    assert window.banners.message("fault") is None
    assert are_heard(said, window.dictation.transcript.text)
    # It came word by word, not all at the end.
    assert len({text for text in live if text}) > 1


class CountedSource:
    """A microphone that notes whether it is open."""

    name = "counted"
    exhausted = False
    n_open = 0
    _lock = threading.Lock()

    def open(self) -> None:
        with self._lock:
            type(self).n_open += 1

    def read(self) -> Pcm:
        return np.zeros(0, np.float32)

    def losses(self) -> list[Loss]:
        return []

    def close(self) -> None:
        with self._lock:
            type(self).n_open -= 1


def test_standing_by_and_opening_at_once_leaves_no_microphone_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "sotto.audio.input.microphone.microphone_source", lambda *_, **__: CountedSource()
    )
    engine = LocalEngine(SettingsStore(Settings()))

    def use(number: int) -> None:
        for turn in range(4):
            engine.stand_by("usb" if (number + turn) % 2 else None)
            engine.listen("usb", "basic", lambda _: None)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(use, range(4)))
    engine.stand_by(None)
    assert CountedSource.n_open == 0
