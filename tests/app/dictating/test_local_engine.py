"""The window on the real engine: real model, real session, the bundled clip."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings, SettingsStore
from sotto.app.dictating.local_engine import LocalEngine
from sotto.app.service.dictation import Phase
from sotto.app.ui.main_window.main_window import MainWindow
from tests.helpers.words import are_heard

CLIP_TEXT = (
    "Hello Robert, how are you this morning? Maria has eleven reports and one late order. "
    "It is the second of May."
)
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


def test_the_bundled_clip_becomes_text_in_the_window(
    qtbot: QtBot, own_folders: None, tmp_path: Path
) -> None:
    settings = SettingsStore(Settings(model="basic"))
    window = MainWindow(LocalEngine(settings), settings, tmp_path / "texts")
    qtbot.addWidget(window)
    window.show()
    live: list[str] = []
    window.dictation.transcript_changed.connect(lambda transcript: live.append(transcript.live))
    window.play_clip()
    assert window.dictation.phase is Phase.PREPARING
    qtbot.waitUntil(lambda: window.dictation.phase is Phase.IDLE, timeout=COMPILED_WITHIN_MS)
    assert window.banners.message("fault") is None
    assert are_heard(CLIP_TEXT, window.dictation.transcript.text)
    # It came word by word, not all at the end.
    assert len({text for text in live if text}) > 1
