"""Speakers get names: by mouse and keys, undone, kept, and in what is exported and copied."""

from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.project import load_text
from sotto.app.ui.files import FilesWindow
from sotto.app.ui.files.lines.text_model import SPEAKER
from sotto.app.ui.files.view.speakers_dialog import SpeakersDialog
from tests.app.ui.conftest import child
from tests.app.ui.files.conftest import OpenFiles, Put
from tests.app.ui.files.hands import CTRL, SHIFT, press, wait, word_point

ENTER, F2, TAB = Qt.Key.Key_Return, Qt.Key.Key_F2, Qt.Key.Key_Tab
SIDES = ("left", "right")


def shown(window: FilesWindow) -> list[str]:
    model = window.view.model
    return [model.index(row).data(SPEAKER) for row in range(model.rowCount())]


def write(name: str) -> None:
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, name)


def test_names_are_given_with_the_keyboard_undone_and_kept(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path
) -> None:
    put("call.wav", "One two.", "Three.", "Four.", speakers=SIDES)
    window = open_files()
    assert shown(window) == ["Left", "Right", "Left"]
    window.view.text.setFocus()
    press(window, F2, SHIFT)
    dialog = child(window, SpeakersDialog)
    qtbot.waitUntil(dialog.isActiveWindow, timeout=30_000)
    write("Anna Maria")
    press(window, TAB)
    write("Ben")
    press(window, ENTER)
    assert shown(window) == ["Anna Maria", "Ben", "Anna Maria"]
    wait(qtbot, lambda: bool(load_text(folder / "call").document.names))
    assert load_text(folder / "call") == window.view.project
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert shown(window) == ["Left", "Right", "Left"]
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert shown(window) == ["Anna Maria", "Ben", "Anna Maria"]
    QTest.keyClick(window, Qt.Key.Key_C, CTRL | SHIFT)
    copied = QApplication.clipboard().text()
    assert copied == "[Anna Maria] One two.\n[Ben] Three.\n[Anna Maria] Four."


def test_names_come_back_when_the_window_opens_again(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path
) -> None:
    put("call.wav", "One.", "Two.", speakers=SIDES)
    window = open_files()
    window.view.model.name({"right": "Ben"})
    window.close()
    wait(qtbot, lambda: bool(load_text(folder / "call").document.names))
    assert shown(open_files()) == ["Left", "Ben"]


def test_a_click_on_a_name_asks_for_it(qtbot: QtBot, put: Put, open_files: OpenFiles) -> None:
    put("call.wav", "One.", "Two.", speakers=SIDES)
    window = open_files()
    text = window.view.text
    name = name_point(window, 1)
    QTest.mouseMove(text.viewport(), name)
    wait(qtbot, lambda: text.marks.pointed_name == 1)
    QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=name)
    dialog = child(window, SpeakersDialog)
    qtbot.waitUntil(dialog.isActiveWindow, timeout=30_000)
    assert dialog.focusWidget() is dialog.fields["right"]
    write("Ben")
    QTest.keyClick(dialog, ENTER)
    assert shown(window) == ["Left", "Ben"]


def name_point(window: FilesWindow, line: int) -> QPoint:
    row = QRectF(window.view.text.visualRect(window.view.model.index(line)))
    beside = word_point(window, line, 0)
    xs = (x for x in range(beside.x()) if is_name(window, row, QPoint(x, beside.y())))
    return QPoint(next(xs) + 5, beside.y())


def is_name(window: FilesWindow, row: QRectF, point: QPoint) -> bool:
    return window.view.text._delegate.is_name(row, point.toPointF())


def test_words_make_room_for_a_longer_name(put: Put, open_files: OpenFiles) -> None:
    put("call.wav", "One.", "Two.", speakers=SIDES)
    window = open_files()
    before = word_point(window, 0, 0).x()
    window.view.model.name({"left": "Bartholomew"})
    assert word_point(window, 0, 0).x() > before
    window.view.model.undo()
    assert word_point(window, 0, 0).x() == before


def test_nobody_is_asked_where_nobody_is_told_apart(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "One.")
    window = open_files()
    window.view.text.setFocus()
    press(window, F2, SHIFT)
    assert window.findChild(SpeakersDialog) is None
    assert not window.view.head.speakers_button.isVisible()
