import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sotto.app.core import settings as stored
from sotto.app.core.events import Fault, Gap, Incident, Lag, Level, Partial, Preparing, Waiting
from sotto.app.core.settings import Settings, Theme
from sotto.app.dictating.engine import Microphone
from sotto.app.dictating.phases import Phase
from sotto.app.ui.main_window.main_window import MainWindow
from sotto.app.ui.widgets.theme.colours import DARK, LIGHT
from sotto.errors import DeviceError, ModelNotFoundError
from tests.app.ui.conftest import OpenWindow, wait_for_phase
from tests.helpers.scripted_engine import (
    BASE,
    LISTENING,
    MICROPHONES,
    PREPARING,
    STOPPED,
    ScriptedEngine,
    Step,
    final,
)


def banner_button(window: MainWindow, text: str) -> QPushButton:
    buttons = window.banners.findChildren(QPushButton)
    (found,) = (button for button in buttons if button.text() == text)
    return found


def test_it_is_ready_at_once_with_default_choices(open_window: OpenWindow) -> None:
    window = open_window()
    assert window.dock.state.text() == "Ready"
    assert window.dock.button.text() == "Start"
    assert window.header.microphone.currentText() == "Default microphone"
    assert not window.actions_by_name["save"].isEnabled()


def test_start_and_stop_ask_the_engine_for_what_is_chosen(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    engine = ScriptedEngine()
    window = open_window(engine, microphone="usb", model="base.en")
    QTest.mouseClick(window.dock.button, Qt.MouseButton.LeftButton)
    wait_for_phase(qtbot, window, Phase.LISTENING)
    assert engine.opened == [("listen", "usb", "base.en")]
    assert not window.header.microphone.isEnabled()
    QTest.mouseClick(window.dock.button, Qt.MouseButton.LeftButton)
    wait_for_phase(qtbot, window, Phase.IDLE)
    assert window.header.microphone.isEnabled()


def test_preparing_shows_what_how_long_and_how_long_it_takes(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(ScriptedEngine([PREPARING, Preparing("Compiling the encoder", 30, 60)]))
    window.toggle()
    qtbot.waitUntil(lambda: window.dock.detail.text() == "Compiling the encoder · 30 of about 60 s")
    assert window.dock.progress.value() == 500
    assert window.dock.button.text() == "Stop"


def test_listening_shows_lag_speed_and_level(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(ScriptedEngine([PREPARING, LISTENING, Lag(0.42, 0.125), Level(-20, -9)]))
    window.toggle()
    qtbot.waitUntil(lambda: window.dock.detail.text().startswith("0.4 s behind, 8"))
    qtbot.waitUntil(lambda: window.dock.meter.value() == -20)
    assert window.dock.meter.text() == "-20 dB"


def test_the_clock_counts_the_sound_even_if_it_began_before_the_model_was_there(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    heard = Partial(31.0, 43.2, "Words.", "")
    window = open_window(ScriptedEngine([PREPARING, LISTENING, heard]))
    window.toggle()
    qtbot.waitUntil(lambda: window.dock.state.text() in {"Listening 0:44", "Listening 0:45"})


def test_listening_shows_the_language_that_is_heard(qtbot: QtBot, open_window: OpenWindow) -> None:
    german = replace(final("Ja."), language="de")
    window = open_window(ScriptedEngine([PREPARING, LISTENING, german, Lag(0.42, 0.125)]))
    window.toggle()
    qtbot.waitUntil(lambda: window.dock.detail.text().startswith("German · 0.4 s behind, 8"))


def test_a_microphone_that_is_away_is_waited_for_and_the_gap_is_marked(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    is_back = threading.Event()

    def come_back() -> None:
        is_back.wait()

    back: list[Step] = [come_back, LISTENING, Gap(9, 1, 6.04, "away"), final("After.")]
    script: list[Step] = [PREPARING, LISTENING, final("Before."), Waiting(1, 1, "Headset"), *back]
    window = open_window(ScriptedEngine(script))
    window.toggle()
    wait_for_phase(qtbot, window, Phase.WAITING)
    assert window.dock.state.text() == "Waiting for the microphone"
    assert window.dock.button.text() == "Stop"
    is_back.set()
    wait_for_phase(qtbot, window, Phase.LISTENING)
    whole = "Before.\n[5.0 s of sound missing]\nAfter.\n"
    qtbot.waitUntil(lambda: window.view.toPlainText() == whole)
    assert window.dictation.transcript.text == whole
    said, gap, _ = (window.view.document().findBlockByNumber(n) for n in range(3))
    assert gap.begin().fragment().charFormat().fontItalic()
    assert not said.begin().fragment().charFormat().fontItalic()
    window.set_theme(Theme.DARK)
    colour = gap.begin().fragment().charFormat().foreground().color()
    assert colour.name() == DARK.secondary.lower()


def test_who_waits_for_a_microphone_can_stop(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(ScriptedEngine([PREPARING, LISTENING, Waiting(1, 1, "Headset")]))
    window.toggle()
    wait_for_phase(qtbot, window, Phase.WAITING)
    window.toggle()
    wait_for_phase(qtbot, window, Phase.IDLE)


@pytest.mark.parametrize("broken", [float("nan"), float("-inf"), 10.0])
def test_a_level_out_of_range_is_shown_at_the_edge(
    qtbot: QtBot, open_window: OpenWindow, broken: float
) -> None:
    window = open_window(ScriptedEngine([PREPARING, LISTENING, Level(broken, broken)]))
    window.toggle()
    wait_for_phase(qtbot, window, Phase.LISTENING)
    window.grab()
    assert window.dock.meter.value() in {-60, 0}


def test_the_model_in_the_box_is_marked(open_window: OpenWindow) -> None:
    window = open_window()
    message = window.banners.message("model")
    assert message is not None
    assert "mishears people" in message
    assert "sotto models pull base" in message
    assert "basic" in window.header.model.currentText()


def test_a_real_model_needs_no_notice(open_window: OpenWindow) -> None:
    assert open_window(model="base.en").banners.message("model") is None


def test_choosing_a_model_is_remembered_and_updates_the_notice(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    window.header.model.setFocus()
    QTest.keyClick(window.header.model, Qt.Key.Key_Down)
    assert window.inventory.model == "base.en"
    assert window.banners.message("model") is None


@pytest.mark.parametrize(
    ("engine", "settings", "words"),
    [
        (ScriptedEngine(found_models=()), {}, "sotto models pull base"),
        (ScriptedEngine(found_models=(BASE,)), {"model": "base.en", "language": "de"}, "German"),
    ],
    ids=["no model", "no model of the language"],
)
def test_a_missing_model_says_what_to_do(
    open_window: OpenWindow, engine: ScriptedEngine, settings: dict[str, str], words: str
) -> None:
    message = open_window(engine, **settings).banners.message("model")
    assert message is not None
    assert words in message
    assert "sotto models pull" in message


def test_a_language_that_is_set_later_updates_the_notice(open_window: OpenWindow) -> None:
    window = open_window(ScriptedEngine(found_models=(BASE,)), model="base.en")
    for language, words in (("de", "will take German for it"), ("en", "")):
        window._settings.change(language=language)
        assert words in (window.banners.message("model") or "")
    assert window.banners.message("model") is None


def test_without_a_microphone_the_clip_is_offered_and_played(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    engine = ScriptedEngine([PREPARING, LISTENING, final(" Hello."), STOPPED], [], ())
    window = open_window(engine)
    message = window.banners.message("microphone")
    assert message is not None
    assert "No microphone was found" in message
    QTest.mouseClick(banner_button(window, "&Play the clip"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.dictation.transcript.text == "Hello.\n")
    wait_for_phase(qtbot, window, Phase.IDLE)
    assert engine.opened == [("clip", "", "basic")]


@pytest.mark.parametrize(
    ("found", "opened"),
    [
        (MICROPHONES, "listen"),
        ((), "clip"),
        (DeviceError("The sound server is gone; restart it."), "clip"),
    ],
    ids=["a microphone", "no microphone", "no sound system"],
)
def test_asked_to_listen_at_once_it_listens_or_plays_the_clip(
    qtbot: QtBot,
    open_window: OpenWindow,
    found: tuple[Microphone, ...] | DeviceError,
    opened: str,
) -> None:
    engine = ScriptedEngine(found_microphones=found)
    window = open_window(engine)
    window.listen_at_once()
    QTest.keyClick(window, Qt.Key.Key_F5)  # looks for microphones, as the start does
    wait_for_phase(qtbot, window, Phase.LISTENING)
    assert engine.opened == [(opened, "", "basic")]
    window.toggle()
    wait_for_phase(qtbot, window, Phase.IDLE)


def test_a_microphone_that_is_not_there_is_named_and_not_forgotten(
    open_window: OpenWindow,
) -> None:
    window = open_window(microphone="studio")
    message = window.banners.message("microphone")
    assert message is not None
    assert "“studio” is not connected" in message
    assert window.header.microphone.value == ""


def test_plugging_in_a_microphone_and_f5_is_enough(qtbot: QtBot, open_window: OpenWindow) -> None:
    engine = ScriptedEngine(found_microphones=())
    window = open_window(engine)
    engine.found_microphones = ScriptedEngine().found_microphones
    QTest.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.banners.message("microphone") is None)
    assert window.header.microphone.count() == 2


def test_a_sound_system_that_fails_is_named(open_window: OpenWindow) -> None:
    engine = ScriptedEngine(found_microphones=DeviceError("The sound server is gone; restart it."))
    assert open_window(engine).banners.message("microphone") == (
        "The sound server is gone; restart it."
    )


@pytest.mark.parametrize("error", [DeviceError("broken mic"), ModelNotFoundError("no model")])
def test_what_cannot_be_opened_is_said_and_can_be_tried_again(
    qtbot: QtBot, open_window: OpenWindow, error: DeviceError | ModelNotFoundError
) -> None:
    engine = ScriptedEngine(refusal=error)
    window = open_window(engine)
    window.toggle()
    qtbot.waitUntil(lambda: window.banners.message("fault") == str(error))
    assert window.dictation.phase is Phase.IDLE
    engine.refusal = None
    window.toggle()
    wait_for_phase(qtbot, window, Phase.LISTENING)
    assert window.banners.message("fault") is None


def test_a_microphone_that_breaks_keeps_what_was_said(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    fault = Fault("The microphone was unplugged; plug it in and start again.")
    script: list[Step] = [PREPARING, LISTENING, final(" One."), fault, STOPPED]
    window = open_window(ScriptedEngine(before=script))
    window.toggle()
    qtbot.waitUntil(lambda: window.banners.message("fault") == fault.message)
    wait_for_phase(qtbot, window, Phase.IDLE)
    assert window.dictation.transcript.text == "One.\n"


def test_what_broke_off_and_goes_on_is_told(qtbot: QtBot, open_window: OpenWindow) -> None:
    incident = Incident(1.0, "Recognition broke off and is being started again.")
    window = open_window(ScriptedEngine(before=[PREPARING, LISTENING, incident, final(" One.")]))
    window.toggle()
    qtbot.waitUntil(lambda: window.dictation.transcript.text == "One.\n")
    assert window.banners.message("incident") == incident.message
    assert window.dictation.phase is Phase.LISTENING
    window.toggle()
    wait_for_phase(qtbot, window, Phase.IDLE)
    window.toggle()
    assert window.banners.message("incident") is None


def test_stop_while_the_device_is_still_opening_stops(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    engine = ScriptedEngine(device_delay_s=0.2)
    window = open_window(engine)
    window.toggle()
    window.toggle()
    assert window.dictation.phase is Phase.FINISHING
    wait_for_phase(qtbot, window, Phase.IDLE)
    assert len(engine.sessions) == 1


def test_themes_change_at_once_and_are_remembered(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()

    def paper() -> str:
        return window.grab().toImage().pixelColor(3, 3).name()

    assert paper() == LIGHT.paper
    window.choose_theme(Theme.DARK)
    qtbot.waitUntil(lambda: paper() == DARK.paper)
    window._settings.change(theme=Theme.LIGHT)  # in the settings dialog
    qtbot.waitUntil(lambda: paper() == LIGHT.paper)
    checked = [each.text() for each in window._themes.actions() if each.isChecked()]
    assert checked == ["&Light"]
    window.choose_theme(Theme.DARK)
    qtbot.waitUntil(lambda: stored.load().settings.theme is Theme.DARK, timeout=30_000)


@pytest.mark.parametrize("size", [(420, 380), (1500, 1000)])
@pytest.mark.parametrize("points", [Settings().font_size, 48])
def test_every_size_shows_the_text_and_the_control(
    qtbot: QtBot, open_window: OpenWindow, size: tuple[int, int], points: int
) -> None:
    window = open_window(
        ScriptedEngine([PREPARING, LISTENING, final(" Some words.")]), font_size=points
    )
    window.resize(*size)
    window.toggle()
    qtbot.waitUntil(lambda: not window.dictation.transcript.is_empty)
    qtbot.waitUntil(lambda: window.view.viewport().height() > 40)
    inside = window.rect().contains(
        window.dock.button.mapTo(window, window.dock.button.rect().bottomRight())
    )
    assert inside
    assert window.view.viewport().visibleRegion().boundingRect().height() > 40
