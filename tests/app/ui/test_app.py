"""The whole program with a scripted engine: who tells what to whom."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from sotto.app.core import settings as stored
from sotto.app.core.archive import transcripts_folder
from sotto.app.core.control import Request
from sotto.app.core.events import FinalSound
from sotto.app.core.history import Entry, History, history_path
from sotto.app.core.journal.pages import Pages
from sotto.app.core.journal.places import journals_folder
from sotto.app.core.journal.record import Passage, Record
from sotto.app.core.projects.queued import State
from sotto.app.core.settings import CaptionSource, Task, Theme
from sotto.app.core.spoken_languages import Spoken
from sotto.app.dictating.engine import Model
from sotto.app.dictating.phases import Phase, Purpose
from sotto.app.dictating.recovering.recovery_process import FACE
from sotto.app.ui.app import PLACED_MS, App
from sotto.app.ui.widgets.theme.colours import DARK
from sotto.inference.compute_type import ComputeType
from tests.app.ui.conftest import WithApp, wait_for
from tests.helpers.scripted_engine import (
    BASE,
    STARTER,
    ScriptedEngine,
    final,
    partial,
)

AUTOMATIC = Model("", (), is_starter=False)


def engine_of(app: App) -> ScriptedEngine:
    assert isinstance(app._engine, ScriptedEngine)
    return app._engine


def entries() -> tuple[Entry, ...]:
    history = History(history_path())
    found = history.search()
    history.close()
    return found


def test_a_changed_setting_is_obeyed_and_saved(qtbot: QtBot, open_app: WithApp) -> None:
    app = open_app()
    app.dialogs.open_settings()
    assert app.dialogs.settings is not None
    app.dialogs.settings.form.put({"font_size": 22, "model": "base.en"})
    assert app.window.view.font().pointSize() == 22
    wait_for(qtbot, lambda: stored.load().settings.font_size == 22)
    wait_for(qtbot, lambda: app.window.inventory.chosen[1] == "base.en")
    wait_for(qtbot, lambda: stored.load().settings.model == "base.en")


def test_theme_and_text_size_survive_another_setting_s_change(
    qtbot: QtBot, open_app: WithApp
) -> None:
    app = open_app(theme=Theme.LIGHT, font_size=14)
    app.window.choose_theme(Theme.DARK)
    app.window.change_font_size(20)
    app.tray.microphone_picked.emit("usb")
    assert app.window.inventory.chosen[0] == "usb"
    assert app.window.grab().toImage().pixelColor(3, 3).name() == DARK.paper
    assert app.window.view.font().pointSize() == 20
    wait_for(qtbot, lambda: stored.load().settings.microphone == "usb")
    kept = stored.load().settings
    assert (kept.theme, kept.font_size) == (Theme.DARK, 20)


def test_a_model_that_is_set_before_it_is_listed_is_chosen_once_it_is(
    qtbot: QtBot, open_app: WithApp
) -> None:
    app = open_app()
    app.settings.change(model="small.en")  # as the first start does with one that it has fetched
    engine_of(app).found_models = (STARTER, BASE, Model("small.en", (), is_starter=False))
    app.window.look_again()
    wait_for(qtbot, lambda: app.window.inventory.chosen[1] == "small.en")


def test_closing_the_window_leaves_sotto_in_the_tray_and_quitting_ends_it(
    qtbot: QtBot, open_app: WithApp
) -> None:
    app = open_app(after=[final("One.")])
    app.tray.is_available = True
    app.window.toggle()
    wait_for(qtbot, lambda: app.dictation.phase is Phase.LISTENING)
    app.window.close()
    assert not app.window.isVisible()
    wait_for(qtbot, lambda: app.dictation.phase is Phase.IDLE)
    assert app.dictation.transcript.text == "One.\n"
    app._answer(Request.SHOW)
    assert app.window.isVisible()


def test_without_a_tray_closing_ends_it(qtbot: QtBot, open_app: WithApp) -> None:
    app = open_app()
    app.tray.is_available = False
    closed: list[None] = []
    app.window.closed.connect(lambda: closed.append(None))
    app.window.close()
    wait_for(qtbot, lambda: bool(closed))
    app.window.show()
    app.window.close()
    assert not app.window.isVisible()
    assert len(closed) == 1


def test_what_is_dictated_is_in_the_history(qtbot: QtBot, open_app: WithApp) -> None:
    app = open_app(before=[final("One.", 0.5, 2.0), final("Two.", 3.0, 4.0)])
    app.window.toggle()
    wait_for(qtbot, lambda: len(entries()) == 2)
    two, one = entries()
    assert (one.text, one.start_s, one.end_s, one.application) == ("One.", 0.5, 2.0, "")
    assert one.dictation == two.dictation
    assert one.sound is None
    app.dictation.stop()


def test_what_was_cut_off_comes_back_with_the_next_start(qtbot: QtBot, open_app: WithApp) -> None:
    pages = Pages.new(journals_folder())
    pages.write(Record(FACE, passages=(Passage(0, 0.0, 1.0, " Cut off.", "en"),)))
    pages.give_up()
    leftover = transcripts_folder() / ".2026-11-29 12.00.00.txt.abcd1234"
    leftover.parent.mkdir(parents=True)
    leftover.touch(mode=0o600)
    app = open_app()
    wait_for(qtbot, lambda: app.dictation.transcript.text == "Cut off.\n")
    message = app.window.banners.message("recovered")
    assert message is not None
    assert message.startswith("Recovered")
    wait_for(qtbot, lambda: not any(journals_folder().iterdir()))
    wait_for(qtbot, lambda: not leftover.exists())


def test_sound_is_kept_for_those_who_want_it(qtbot: QtBot, open_app: WithApp) -> None:
    sound = FinalSound(0.0, 1.0, np.zeros(16_000, np.float32))
    # Two in one batch: each text has its own sound.
    app = open_app(before=[sound, final("One."), sound, final("Two.")], history_audio=True)
    app.window.toggle()
    wait_for(qtbot, lambda: len(entries()) == 2)
    assert {entry.text for entry in entries()} == {"One.", "Two."}
    for entry in entries():
        assert entry.sound is not None
        assert entry.sound.stat().st_mode & 0o077 == 0
    app.dictation.stop()


def test_nothing_is_kept_for_those_who_do_not(qtbot: QtBot, open_app: WithApp) -> None:
    app = open_app(before=[final("One.")], history=False)
    app.window.toggle()
    wait_for(qtbot, lambda: app.dictation.transcript.text == "One.\n")
    app.dictation.stop()
    wait_for(qtbot, lambda: app.dictation.phase is Phase.IDLE)
    assert not history_path().exists()


def test_captions_listen_while_nobody_dictates_and_go_on_afterwards(
    qtbot: QtBot, open_app: WithApp
) -> None:
    app = open_app(before=[partial("Good", " evening")])
    engine = engine_of(app)
    app.settings.change(overlay=True, overlay_source=CaptionSource.SYSTEM)
    wait_for(qtbot, lambda: len(engine.opened) == 1)
    wait_for(qtbot, lambda: app.dictation.phase is Phase.LISTENING)
    assert app.window.dock.state.text() == "Ready"  # captions are the overlay's business
    app._answer(Request.START)
    wait_for(qtbot, lambda: app.dictation.purpose is Purpose.APPLICATION)
    app._answer(Request.STOP)
    wait_for(qtbot, lambda: len(engine.opened) == 3)
    assert [how for how, *_ in engine.opened] == ["system", "listen", "system"]
    app.settings.change(overlay=False)
    wait_for(qtbot, lambda: app.dictation.phase is Phase.IDLE)


def test_captions_follow_the_source_that_is_chosen(qtbot: QtBot, open_app: WithApp) -> None:
    app = open_app(overlay=True)
    engine = engine_of(app)
    wait_for(qtbot, lambda: [how for how, *_ in engine.opened] == ["listen"])
    app.settings.change(overlay_source=CaptionSource.SYSTEM)
    wait_for(qtbot, lambda: [how for how, *_ in engine.opened] == ["listen", "system"])


@pytest.mark.parametrize("source", CaptionSource)
def test_captions_are_translated_and_what_is_dictated_is_not(
    qtbot: QtBot, open_app: WithApp, source: CaptionSource
) -> None:
    app = open_app(overlay=True, overlay_source=source, overlay_task=Task.TRANSLATE)
    engine = engine_of(app)
    wait_for(qtbot, lambda: len(engine.opened) == 1)
    app._answer(Request.START)
    wait_for(qtbot, lambda: len(engine.opened) == 2)
    assert engine.spoken == [Spoken(task=Task.TRANSLATE), None]


def test_captions_follow_the_language_that_is_chosen(qtbot: QtBot, open_app: WithApp) -> None:
    app = open_app(overlay=True)
    engine = engine_of(app)
    wait_for(qtbot, lambda: len(engine.opened) == 1)
    app.settings.change(language="de")
    wait_for(qtbot, lambda: engine.spoken == [Spoken(), Spoken(("de",))])


def test_the_microphone_stands_by_and_the_model_is_warm_for_the_hotkey(
    qtbot: QtBot, open_app: WithApp
) -> None:
    app = open_app(hotkey="Ctrl+Alt+F12", microphone="usb")
    engine = engine_of(app)
    wait_for(qtbot, lambda: engine.stands_by_for == "usb" and engine.warm == "basic")
    app.settings.change(standby=False)
    wait_for(qtbot, lambda: engine.stands_by_for is None)


@pytest.mark.parametrize(
    ("chosen", "change"),
    [
        ({"compute_type": ComputeType.FLOAT32}, {"compute_type": ComputeType.INT8}),
        ({"model": "base.en"}, {"model": "basic"}),
        ({"model": "base.en"}, {"models_folder": "/models"}),
        ({"language": "de"}, {"language": "en"}),  # of which there are models for it alone
        ({"language": "en"}, {"hotkeys": {"Ctrl+Alt+F11": "de"}}),
    ],
    ids=" ".join,
)
def test_what_decides_which_model_is_loaded_warms_it_anew(
    qtbot: QtBot, open_app: WithApp, chosen: dict[str, object], change: dict[str, object]
) -> None:
    app = open_app(hotkey="Ctrl+Alt+F12", models=(AUTOMATIC, STARTER, BASE), **chosen)
    engine = engine_of(app)
    wait_for(qtbot, lambda: engine.n_warmed == 1)
    app.settings.change(**change)
    wait_for(qtbot, lambda: engine.n_warmed == 2)


@pytest.mark.parametrize(
    ("chosen", "change"),
    [
        ({"language": "de"}, {"language": "fr"}),
        ({"model": "base.en", "language": "de"}, {"language": "en"}),
        ({}, {"theme": Theme.DARK, "unload_after_min": 5}),
    ],
    ids=["both need many languages", "the user has chosen", "no such thing"],
)
def test_what_decides_nothing_about_the_model_leaves_it(
    qtbot: QtBot, open_app: WithApp, chosen: dict[str, object], change: dict[str, object]
) -> None:
    models = (AUTOMATIC, STARTER, BASE)
    app = open_app(hotkey="Ctrl+Alt+F12", microphone="usb", models=models, **chosen)
    engine = engine_of(app)
    wait_for(qtbot, lambda: engine.n_warmed == 1)
    app.settings.change(**change, standby=False)
    # What comes after warming has come.
    wait_for(qtbot, lambda: engine.stands_by_for is None)
    done: list[None] = []
    app._readiness._models.run(lambda: None, done.append, lambda _: None)
    wait_for(qtbot, lambda: bool(done))
    assert engine.n_warmed == 1


def test_without_a_hotkey_nothing_stands_by(qtbot: QtBot, open_app: WithApp) -> None:
    app = open_app()
    app.window.toggle()
    wait_for(qtbot, lambda: app.dictation.phase is Phase.LISTENING)
    assert (engine_of(app).stands_by_for, engine_of(app).warm) == (None, None)
    app.dictation.stop()


def test_followers_are_told_every_state_and_text(
    qtbot: QtBot, open_app: WithApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app(before=[partial("One", " two")], after=[final("One two.")])
    told: list[str] = []
    monkeypatch.setattr(app.control, "tell", told.append)
    assert app._answer(Request.FOLLOW) == {"event": "state", "state": "idle"}
    app._answer(Request.START)
    wait_for(qtbot, lambda: app.dictation.phase is Phase.LISTENING)
    app._answer(Request.STOP)
    wait_for(qtbot, lambda: app.dictation.phase is Phase.IDLE)
    lines = [json.loads(line) for line in told]
    assert [line.get("state", line["event"]) for line in lines] == [
        "preparing",
        "listening",
        "partial",
        "finishing",
        "final",
        "idle",
    ]


def test_a_second_start_that_is_to_listen_listens(qtbot: QtBot, open_app: WithApp) -> None:
    app = open_app()
    app.window.hide()
    for _ in range(2):  # the second time it does so already
        app._answer(Request.LISTEN)
        assert app.window.isVisible()
        wait_for(qtbot, lambda: app.dictation.phase is Phase.LISTENING)
    assert len(engine_of(app).opened) == 1
    app.dictation.stop()


def test_the_first_start_asks_its_questions_once(
    qtbot: QtBot, open_app: WithApp, tmp_path: Path
) -> None:
    app = open_app(was_welcomed=False)
    wait_for(qtbot, lambda: app.dialogs.first_run is not None)
    assert app.dialogs.first_run is not None
    app.dialogs.first_run.reject()
    wait_for(qtbot, lambda: stored.load().settings.was_welcomed)


def test_who_opens_recordings_is_asked_nothing_first(qtbot: QtBot, open_app: WithApp) -> None:
    app = open_app(was_welcomed=False, transcribes=True)
    passed: list[None] = []
    QTimer.singleShot(2 * PLACED_MS, lambda: passed.append(None))
    wait_for(qtbot, lambda: bool(passed))
    assert app.dialogs.first_run is None


def test_a_file_that_cannot_be_written_is_said(
    qtbot: QtBot, open_app: WithApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app()
    (tmp_path / "no-folder").touch()
    monkeypatch.setenv("SOTTO_CONFIG_DIR", str(tmp_path / "no-folder"))
    app.settings.change(font_size=20)
    assert app.window.view.font().pointSize() == 20
    wait_for(qtbot, lambda: "no-folder" in (app.window.banners.message("save") or ""))


def test_start_with_the_desktop_and_menu_entry_are_written_and_removed(
    qtbot: QtBot, open_app: WithApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "etc"))
    app = open_app()
    app.dialogs.open_settings()
    dialog = app.dialogs.settings
    assert dialog is not None
    written = (
        tmp_path / "etc" / "autostart" / "sotto.desktop",
        tmp_path / "data" / "applications" / "sotto.desktop",
    )
    for asked, path in zip((dialog.start_with_desktop, dialog.show_in_menu), written, strict=True):
        asked.emit(True)
        wait_for(qtbot, path.exists)
        asked.emit(False)
        wait_for(qtbot, _is_gone(path))


def _is_gone(path: Path) -> Callable[[], bool]:
    return lambda: not path.exists()


def test_recordings_are_opened_by_another_start_and_by_dropping_them(
    qtbot: QtBot, open_app: WithApp, tmp_path: Path
) -> None:
    app = open_app()
    app.window.dropped.emit((tmp_path / "gone.wav",))
    assert app.dialogs.files is not None
    assert app.dialogs.files.isVisible()
    app.control.open_requested.emit((tmp_path / "gone too.mp3",))
    queue = app.dialogs.files.queue
    wait_for(qtbot, lambda: [row.state for row in queue.rows] == [State.FAILED] * 2)
    app.settings.change(font_size=20)
    assert app.dialogs.files.view.text._delegate.layout.font.pointSize() == 20
    assert app.window.banners.message("recording") is None
    app.dialogs.files.close()
    queue.again(queue.rows[0].id)
    wait_for(qtbot, lambda: app.window.banners.message("recording") is not None)
    assert app.window.banners.message("recording") == (
        "gone.wav: does not exist: check the spelling of the path"
    )
