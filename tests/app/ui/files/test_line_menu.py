"""All that can be done with a line is in its menu, too."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.project import load_text
from sotto.app.ui.files import FilesWindow
from tests.app.ui.files.conftest import OpenFiles, Put
from tests.app.ui.files.hands import editor, texts, wait, word_point

REASON = QContextMenuEvent.Reason


def menu_at(window: FilesWindow, point: QPoint | None = None) -> QMenu:
    """Open the menu by the mouse at a point, or by the keyboard."""
    view = window.view.text.viewport()
    reason = REASON.Keyboard if point is None else REASON.Mouse
    point = point or QPoint()
    event = QContextMenuEvent(reason, point, view.mapToGlobal(point))
    QApplication.sendEvent(view, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, words: str) -> None:
    (action,) = (each for each in menu.actions() if each.text().replace("&", "") == words)
    assert action.isEnabled()
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def offered(menu: QMenu) -> list[str]:
    return [each.text().replace("&", "") for each in menu.actions() if each.isEnabled()]


def test_the_word_that_is_clicked_is_meant(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "One two three.", "Four.")
    window = open_files()
    menu = menu_at(window, word_point(window, 0, 1))
    assert window.view.text.marks.cursor == (0, 1)
    choose(menu, "Two lines, from this word on")
    assert texts(window) == ["One", "two three.", "Four."]
    choose(menu_at(window, word_point(window, 1, 1)), "One line with the one before")
    assert texts(window) == ["One two three.", "Four."]
    choose(menu_at(window, word_point(window, 1, 0)), "Copy this line")
    assert QApplication.clipboard().text() == "Four."
    choose(menu_at(window, word_point(window, 1, 0)), "Correct this line")
    assert editor(window).toPlainText() == "Four."


def test_the_menu_key_means_the_line_of_the_cursor(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "One two.", "Three.")
    window = open_files()
    window.view.text.setFocus()
    menu = menu_at(window)
    words = ["Play from this word", "Correct this line", "Copy this line"]
    assert offered(menu) == words  # neither a word nor a line before it, and nobody told apart
    menu.close()


def test_a_line_is_given_to_another_speaker(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path
) -> None:
    put("call.wav", "One.", "Two.", "Three.", speakers=("left", "right"))
    window = open_files()
    window.view.model.name({"left": "Anna & Co"})
    menu = menu_at(window, word_point(window, 1, 0))
    checked = [each.text() for each in menu.actions() if each.isChecked()]
    assert checked == ["Said by Right"]
    (anna,) = (each for each in menu.actions() if "Anna" in each.text())
    assert anna.text() == "Said by Anna && Co"
    anna.trigger()
    menu.close()

    def kept() -> list[str]:
        return [line.speaker for line in load_text(folder / "call").document.lines]

    wait(qtbot, lambda: kept() == ["left", "left", "left"])
    window.view.model.undo()
    wait(qtbot, lambda: kept() == ["left", "right", "left"])
