import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from sotto.app.core.events import Level
from sotto.app.ui.overlay.caption_lines import Line
from sotto.app.ui.pill.last_words import LastWords, end_of
from sotto.app.ui.pill.pill import Pill
from sotto.app.ui.widgets.banner import Kind
from sotto.app.ui.widgets.theme.colours import DARK
from tools.fixtures.x_desktop import (
    MANAGERS,
    Program,
    XDesktop,
    application,
    running,
    wait_until,
    x_desktop,
)

PILL_PROGRAM = (sys.executable, "-m", "tests.helpers.pill_program")
PILL = "Sotto dictation"
HELD = "Text that Sotto holds"


@pytest.fixture
def pill(qtbot: QtBot) -> Iterator[Pill]:
    pill = Pill()
    yield pill
    pill.hide_now()
    pill.deleteLater()


def texts(pill: Pill) -> list[str]:
    """Return what can be read on the pill."""
    shown = [widget for widget in QApplication.allWidgets() if widget.isVisible()]
    words = [live.accessibleName() for live in shown if isinstance(live, LastWords)]
    labels = [label.text() for label in shown if isinstance(label, QLabel)]
    return [text for text in (*words, *labels) if text]


def buttons() -> list[QAbstractButton]:
    widgets = QApplication.allWidgets()
    shown = [each for each in widgets if isinstance(each, QAbstractButton) and each.isVisible()]
    return sorted(
        shown, key=lambda button: ["Insert here", "Copy", "Dismiss"].index(button.accessibleName())
    )


def screen() -> QRect:
    return QApplication.primaryScreen().availableGeometry()


def test_it_stands_in_the_middle_of_the_foot(pill: Pill) -> None:
    pill.show_listening()
    assert texts(pill) == ["Listening…"]
    assert abs(pill.geometry().center().x() - screen().center().x()) <= 1
    assert 0 < screen().bottom() - pill.geometry().bottom() < 40


def test_words_follow_and_stay_while_the_last_are_written_down(pill: Pill) -> None:
    pill.show_listening()
    pill.show_levels([Level(-20.0, -10.0)])
    pill.show_words(" Hello", " there")
    assert texts(pill) == ["Hello there"]
    pill.show_finishing()
    assert texts(pill) == ["Hello there"]
    pill.show_listening()
    assert texts(pill) == ["Listening…"]


def test_finishing_without_words_says_so(pill: Pill) -> None:
    pill.show_listening()
    pill.show_finishing()
    assert texts(pill) == ["Finishing…"]


def test_a_message_goes_by_itself(pill: Pill, qtbot: QtBot) -> None:
    pill.notice("Nothing was heard.")
    assert texts(pill) == ["Nothing was heard."]
    qtbot.waitUntil(lambda: not pill.isVisible(), timeout=30_000)


def test_a_message_gives_way_to_the_next_dictation(pill: Pill, qtbot: QtBot) -> None:
    gone: list[None] = []
    pill.gone.connect(lambda: gone.append(None))
    pill.notice("Cancelled.", Kind.WARNING)
    pill.show_listening()
    QTest.qWait(4000)  # longer than the message would have stayed
    assert not gone
    assert texts(pill) == ["Listening…"]


def test_a_long_message_is_broken_and_stays_on_the_screen(pill: Pill) -> None:
    pill.notice("The microphone stopped answering. " * 6, Kind.ERROR)
    assert pill.width() < 600
    assert screen().contains(pill.geometry())


@pytest.mark.parametrize("answer", ["Insert here", "Copy", "Dismiss"])
def test_a_held_text_waits_for_an_answer(pill: Pill, answer: str) -> None:
    answers: list[str] = []
    pill.insert_here.connect(lambda: answers.append("Insert here"))
    pill.copy.connect(lambda: answers.append("Copy"))
    pill.dismissed.connect(lambda: answers.append("Dismiss"))
    pill.hold("A text that is a little longer, " * 20)
    assert any(text.startswith("“A text that is a little longer,") for text in texts(pill))
    (button,) = (button for button in buttons() if button.accessibleName() == answer)
    button.click()
    assert answers == [answer]
    assert not pill.is_holding


def test_a_held_text_stays_while_the_next_is_dictated(pill: Pill, qtbot: QtBot) -> None:
    pill.hold("The first text.")
    pill.show_listening()
    pill.notice("Nothing was heard.")
    qtbot.waitUntil(lambda: not pill.isVisible(), timeout=30_000)
    assert pill.is_holding
    pill.hide_now()
    assert not pill.is_holding


def test_nothing_runs_while_it_is_hidden(pill: Pill) -> None:
    pill.set_colours(DARK)
    pill.notice("Copied. Press Ctrl+V to insert.")
    pill.hide_now()
    assert not pill._reading.isActive()
    assert not pill.is_vanishing


def test_every_button_has_a_name(pill: Pill) -> None:
    pill.hold("text")
    assert [button.accessibleName() for button in buttons()] == ["Insert here", "Copy", "Dismiss"]


def test_the_last_words_are_those_that_fit() -> None:
    line = Line("one two three", " four")
    assert end_of(line, len, 18) == line
    assert end_of(line, len, 14) == Line("… three", " four")
    assert end_of(line, len, 6) == Line("… ", "four")
    assert end_of(Line("Donaudampfschiff"), len, 6) == Line("… ")


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("is_composited", [False, True])
def test_its_buttons_are_clicked_while_another_application_keeps_the_focus(
    manager: str, is_composited: bool
) -> None:
    with (
        x_desktop(manager, is_composited=is_composited) as desktop,
        application(desktop, "fullscreen") as below,
    ):
        with running(PILL_PROGRAM, desktop.environment) as pill:
            click_the_live_pill(desktop, below)
            pill.say("hold A text.")
            click_until_answered(desktop, pill)
        desktop.do("key", "z")
        assert "inactive" not in below.answers_until("key z")


def click_the_live_pill(desktop: XDesktop, below: Program) -> None:
    """The pill lets clicks through while it asks nothing."""
    x, y, width, height = desktop.wait_for_window(PILL)
    point = (x + width // 2, y + height // 2)
    desktop.click(*point)
    below.answers_until(f"click {point[0]} {point[1]}")


def click_until_answered(desktop: XDesktop, pill: Program) -> None:
    x, y = map(int, pill.answer().split())
    desktop.click(x, y)
    assert pill.answer() == "insert here"
    wait_until(lambda: desktop.box_of(HELD) is None, "the held text is still there")
    assert desktop.focused() == "Below"
