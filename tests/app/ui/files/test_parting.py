"""Lines that are parted and joined by keys, undone, and kept."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.project import load_text
from sotto.app.ui.files import FilesWindow
from sotto.app.ui.files.lines.line_editor import LineEditor
from tests.app.ui.files.conftest import OpenFiles, Put
from tests.app.ui.files.hands import CTRL, SHIFT, editor, press, texts, wait

ENTER, BACKSPACE, HOME = Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Home


def begin(window: FilesWindow, *keys: Qt.Key) -> None:
    """Correct the line of the cursor, after some keys."""
    window.view.text.setFocus()
    for key in (*keys, Qt.Key.Key_F2):
        press(window, key)


def in_hand(window: FilesWindow) -> LineEditor:
    focus = QApplication.focusWidget()
    assert isinstance(focus, LineEditor)
    return focus


def test_enter_parts_a_line_where_the_cursor_was_put_and_goes_on_there(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path
) -> None:
    put("talk.wav", "One two three four.", "Five.")
    window = open_files()
    before = window.view.model.document
    begin(window)
    editor(window).place_cursor(len("One two "))
    press(window, ENTER)
    assert texts(window) == ["One two", "three four.", "Five."]
    assert (in_hand(window).toPlainText(), in_hand(window).textCursor().position()) == (
        "three four.",
        0,
    )
    press(window, BACKSPACE)
    assert texts(window) == ["One two three four.", "Five."]
    assert window.view.model.document == before
    assert in_hand(window).textCursor().position() == len("One two ")
    press(window, ENTER)
    press(window, Qt.Key.Key_Escape)
    wait(qtbot, lambda: len(load_text(folder / "talk").document.lines) == 3)
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert window.view.model.document == before
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert texts(window) == ["One two", "three four.", "Five."]


def test_after_writing_enter_keeps_and_shift_and_enter_parts(
    put: Put, open_files: OpenFiles
) -> None:
    put("talk.wav", "One two three.")
    window = open_files()
    begin(window)
    QTest.keyClicks(editor(window), "Eins")
    press(window, ENTER)
    assert texts(window) == ["Eins two three."]
    begin(window, Qt.Key.Key_Right)
    QTest.keyClicks(in_hand(window), "zwei")
    press(window, ENTER, SHIFT)
    assert texts(window) == ["Eins zwei", "three."]
    QTest.keyClick(in_hand(window), Qt.Key.Key_Escape)
    window.view.model.undo()
    assert texts(window) == ["Eins two three."]


def test_words_that_were_just_chosen_are_no_place_to_part(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "One two three.")
    window = open_files()
    begin(window, Qt.Key.Key_Right)
    press(window, ENTER)
    assert texts(window) == ["One two three."]
    assert not window.view.model.can_undo


def test_what_was_written_is_kept_when_a_line_joins_the_one_before(
    put: Put, open_files: OpenFiles
) -> None:
    put("talk.wav", "One.", "Two.", "Three.")
    window = open_files()
    begin(window, Qt.Key.Key_Down)
    QTest.keyClicks(editor(window), "Too")
    press(window, HOME)
    press(window, BACKSPACE)
    assert texts(window) == ["One. Too", "Three."]
    assert in_hand(window).textCursor().position() == len("One. ")
    press(window, HOME)
    press(window, BACKSPACE)  # there is none before it
    assert in_hand(window).toPlainText() == "One. Too"


def test_the_words_are_parted_and_joined_without_correcting(
    put: Put, open_files: OpenFiles
) -> None:
    put("talk.wav", "One two three.", "Four.")
    window = open_files()
    cursor = window.view.text.marks
    window.view.text.setFocus()
    press(window, ENTER, SHIFT)  # nothing stands before the first word
    press(window, BACKSPACE)  # and nothing before the first line
    assert texts(window) == ["One two three.", "Four."]
    press(window, Qt.Key.Key_Right)
    press(window, ENTER, SHIFT)
    assert texts(window) == ["One", "two three.", "Four."]
    assert cursor.cursor == (1, 0)
    press(window, BACKSPACE)
    assert texts(window) == ["One two three.", "Four."]
    assert cursor.cursor == (0, 1)
    press(window, BACKSPACE)  # in the middle of a line it does nothing
    assert texts(window) == ["One two three.", "Four."]
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert texts(window) == ["One", "two three.", "Four."]


def test_both_lines_are_of_the_speaker_of_the_one(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "One two.", "Three.", speakers=("left", "right"))
    window = open_files()
    begin(window)
    editor(window).place_cursor(len("One "))
    press(window, ENTER)
    assert [line.speaker for line in window.view.model.document.lines] == ["left", "left", "right"]
    press(window, BACKSPACE)
    assert [line.speaker for line in window.view.model.document.lines] == ["left", "right"]
