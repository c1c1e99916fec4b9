"""Another look for many widgets comes in several turns, and none keeps the look of before."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sotto.app.ui.widgets.theme import style
from sotto.app.ui.widgets.theme.colours import DARK, LIGHT, Colours
from sotto.app.ui.widgets.theme.restyling import _MANY, Restyling


@pytest.fixture
def many(qtbot: QtBot, qapp: QApplication) -> Iterator[QWidget]:
    style.apply(LIGHT, qapp)
    window = QScrollArea()
    inside = QWidget()
    layout = QVBoxLayout(inside)
    for _ in range(_MANY):
        layout.addWidget(QLabel("some words"))
    layout.addWidget(QLineEdit())
    window.setWidget(inside)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    style.apply(LIGHT, qapp)


def colours_of(window: QWidget) -> set[str]:
    role = QPalette.ColorRole.WindowText
    return {each.palette().color(role).name() for each in window.findChildren(QLabel)}


def test_all_widgets_get_the_new_look(qtbot: QtBot, qapp: QApplication, many: QWidget) -> None:
    restyling = Restyling(qapp, many)
    assert colours_of(many) == {LIGHT.text}
    with qtbot.waitSignal(restyling.changed) as told:
        restyling.change(DARK)
        assert not many.updatesEnabled()
    assert told.args == [DARK]
    assert colours_of(many) == {DARK.text}
    assert style.is_applied(DARK, qapp)
    assert many.updatesEnabled()


def test_of_several_the_last_one_counts(qtbot: QtBot, qapp: QApplication, many: QWidget) -> None:
    restyling = Restyling(qapp, many)
    told: list[Colours] = []
    restyling.changed.connect(told.append)
    restyling.change(DARK)
    restyling.change(LIGHT)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [LIGHT]
    restyling.change(DARK)
    qtbot.waitUntil(lambda: qapp.styleSheet() != "")
    restyling.change(LIGHT)
    qtbot.waitUntil(lambda: len(told) > 1)
    qtbot.waitUntil(many.updatesEnabled)
    assert told[-1] == LIGHT
    assert colours_of(many) == {LIGHT.text}


def test_what_closes_meanwhile_is_left_alone(
    qtbot: QtBot, qapp: QApplication, many: QWidget
) -> None:
    other = QLabel("gone soon")
    other.show()
    restyling = Restyling(qapp, many)
    with qtbot.waitSignal(restyling.changed):
        restyling.change(DARK)
        other.deleteLater()
        del other
    assert colours_of(many) == {DARK.text}
