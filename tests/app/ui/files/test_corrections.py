"""Words that are written anew: undone, kept, and never lost."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.project import load_text
from sotto.app.ui.files.lines.line_editor import LineEditor
from tests.app.ui.files.conftest import OpenFiles, Put
from tests.app.ui.files.hands import CTRL, NONE, SHIFT, editor, press, texts, wait, word_point


def test_a_word_that_is_clicked_twice_is_corrected_undone_and_kept(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path
) -> None:
    put("talk.wav", "The cat sat.", "It went.")
    window = open_files()
    before = window.view.model.document
    view = window.view.text.viewport()
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, NONE, word_point(window, 0, 1))
    assert editor(window).textCursor().selectedText() == "cat"
    QTest.keyClicks(editor(window), "dog")
    press(window, Qt.Key.Key_Return)
    assert texts(window) == ["The dog sat.", "It went."]
    old, new = before.lines[0].words[1], window.view.model.document.lines[0].words[1]
    assert (new.start, new.end) == (old.start, old.end)
    wait(qtbot, lambda: load_text(folder / "talk").document.lines[0].text == " The dog sat.")
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert window.view.model.document == before
    wait(qtbot, lambda: load_text(folder / "talk").document == before)
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert texts(window) == ["The dog sat.", "It went."]
    assert not window.view.head.redo_button.isEnabled()


def test_escape_leaves_all_as_it_was_and_letters_are_no_keys_of_the_window(
    put: Put, open_files: OpenFiles
) -> None:
    put("talk.wav", "The cat sat.")
    window = open_files()
    window.view.text.setFocus()
    press(window, Qt.Key.Key_F2)
    QTest.keyClicks(editor(window), "a - b + c")
    assert editor(window).toPlainText() == "a - b + c cat sat."
    assert window.view.waveform.span.is_whole
    assert not window.view.player.is_playing
    press(window, Qt.Key.Key_Escape)
    assert texts(window) == ["The cat sat."]
    assert window.isVisible()
    assert not window.view.model.can_undo


def test_tab_goes_on_to_the_next_line_and_an_empty_line_is_taken_out(
    put: Put, open_files: OpenFiles
) -> None:
    put("talk.wav", "One.", "Two.", "Three.")
    window = open_files()
    window.view.text.setFocus()
    press(window, Qt.Key.Key_F2)
    QTest.keyClicks(editor(window), "Eins.")
    press(window, Qt.Key.Key_Tab)
    assert texts(window) == ["Eins.", "Two.", "Three."]
    second = QApplication.focusWidget()
    assert isinstance(second, LineEditor)
    assert second.toPlainText() == "Two."
    QTest.keyClick(second, Qt.Key.Key_A, CTRL)
    QTest.keyClick(second, Qt.Key.Key_Delete)
    QTest.keyClick(second, Qt.Key.Key_Return)
    assert texts(window) == ["Eins.", "Three."]
    window.view.model.undo()
    assert texts(window) == ["Eins.", "Two.", "Three."]


def test_a_correction_is_kept_where_the_window_is_closed_at_once(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path
) -> None:
    put("talk.wav", "One.")
    window = open_files()
    window.view.model.setData(window.view.model.index(0), "Won.")
    window.close()
    wait(qtbot, lambda: load_text(folder / "talk").document.lines[0].text == " Won.")


@pytest.mark.parametrize("leaves", ["closes", "chooses", "clicks"])
def test_what_is_being_written_is_kept_however_it_is_left(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path, leaves: str
) -> None:
    put("other.wav", "Other.")
    put("talk.wav", "One.", "Two.")
    window = open_files()
    wait(qtbot, lambda: texts(window) == ["One.", "Two."])
    window.view.text.setFocus()
    press(window, Qt.Key.Key_F2)
    QTest.keyClicks(editor(window), "Won.")
    if leaves == "closes":
        window.close()
    elif leaves == "chooses":
        window.list.choose("other")
    else:
        viewport = window.view.text.viewport()
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, NONE, word_point(window, 1, 0))
    wait(qtbot, lambda: load_text(folder / "talk").document.lines[0].text == " Won.")
    assert load_text(folder / "other").document.lines[0].text == " Other."


def test_corrections_go_to_the_recording_that_they_were_made_in(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path
) -> None:
    put("one.wav", "First.")
    put("two.wav", "Second.")
    window = open_files()
    wait(qtbot, lambda: texts(window) == ["Second."])
    window.view.model.setData(window.view.model.index(0), "Seconds.")
    window.list.choose("one")
    wait(qtbot, lambda: texts(window) == ["First."])
    wait(qtbot, lambda: load_text(folder / "two").document.lines[0].text == " Seconds.")
    assert load_text(folder / "one").document.lines[0].text == " First."


# Hearing ------------------------------------------------------------------------------------
