"""The window of recordings: opened, read, heard, corrected, searched, exported."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.project import SOUND, load_text
from sotto.app.core.projects.queued import State, load_queue
from sotto.app.ui.files import FilesWindow
from sotto.app.ui.files.view.line_editor import LineEditor
from sotto.app.ui.files.view.text_model import LINE
from sotto.app.ui.widgets.colours import DARK
from tests.app.ui.conftest import child
from tests.app.ui.files.conftest import WAIT_MS, OpenFiles, Put
from tests.app.ui.files.test_player import fall_silent
from tools.fixtures.audio_server import AudioServer
from tools.fixtures.clips import CLIPS, human_clips
from tools.fixtures.official import FOLDER, official

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def texts(window: FilesWindow) -> list[str]:
    return [line.text.strip() for line in window.view.model.document.lines]


def wait(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=WAIT_MS)


def word_point(window: FilesWindow, line: int, word: int) -> QPoint:
    text = window.view.text
    index = window.view.model.index(line)
    row = QRectF(text.visualRect(index))
    return text._delegate.word_rect(row, index.data(LINE), word).center().toPoint()


def editor(window: FilesWindow) -> LineEditor:
    return child(window.view.text, LineEditor)


def press(window: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifiers)


def drop(window: QWidget, dragged: QMimeData) -> None:
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(9, 9), copy, dragged, left, NONE))
    QApplication.sendEvent(window, QDropEvent(QPointF(9, 9), copy, dragged, left, NONE))


# From a file to its words -------------------------------------------------------------------


def test_a_dropped_recording_becomes_words_by_the_real_process(
    qtbot: QtBot, open_files: OpenFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    official("tiny.en")
    monkeypatch.setenv("SOTTO_MODELS_DIR", str(FOLDER))
    monkeypatch.setenv("SOTTO_MODEL", "tiny.en")
    clip = human_clips()[1]
    window = open_files()
    assert window.waiting.isVisible()
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile(str(CLIPS / clip.name)), QUrl("https://example.org/a.mp3")])
    drop(window, dragged)
    assert [row.source.name for row in window.queue.rows] == [Path(clip.name).name]
    wait(qtbot, window.waiting.bar.isVisible)
    wait(qtbot, window.view.isVisible)
    words = " ".join(texts(window)).split()
    assert len(words) >= 0.7 * len(clip.text.split())
    starts = [word.start for line in window.view.model.document.lines for word in line.words]
    assert starts == sorted(starts)
    assert window.view.player.has_sound


def test_a_recording_that_fails_says_why_and_can_be_tried_again(
    qtbot: QtBot, open_files: OpenFiles, tmp_path: Path
) -> None:
    window = open_files()
    window.add([tmp_path / "gone.wav"])
    wait(qtbot, lambda: window.queue.rows[0].state is State.FAILED)
    assert window.waiting.sentence == "Does not exist: check the spelling of the path"
    assert window.waiting.button.accessibleName() == "Try again"
    window.waiting.button.click()
    assert window.queue.rows[0].state is not State.FAILED
    wait(qtbot, lambda: window.queue.rows[0].state is State.FAILED)


def test_what_was_transcribed_opens_again(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "One two three.", "Four five.")
    window = open_files()
    assert texts(window) == ["One two three.", "Four five."]
    assert window.waiting.isHidden()
    assert window.view.waveform.span.length_s == 8.0
    index = window.view.model.index(1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "0:02: Four five."


def test_another_recording_is_chosen_with_the_keyboard(
    qtbot: QtBot, put: Put, open_files: OpenFiles
) -> None:
    put("one.wav", "First.")
    put("two.wav", "Second.")
    window = open_files()
    wait(qtbot, lambda: texts(window) == ["Second."])
    window.list.setFocus()
    press(window, Qt.Key.Key_Up)
    wait(qtbot, lambda: texts(window) == ["First."])
    press(window, Qt.Key.Key_Return)
    assert window.view.text.hasFocus()


# Correcting ---------------------------------------------------------------------------------


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
    assert not window.view.redo_button.isEnabled()


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


def test_a_clicked_word_is_heard_and_so_is_that_of_the_cursor(
    put: Put, open_files: OpenFiles
) -> None:
    put("talk.wav", "aa bb cc dd", "ee ff gg hh")
    window = open_files()
    heard: list[float] = []
    window.view.text.word_chosen.disconnect()
    window.view.text.word_chosen.connect(heard.append)
    viewport = window.view.text.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, NONE, word_point(window, 1, 2))
    assert heard == [3.0]
    assert window.view.text.hasFocus()
    press(window, Qt.Key.Key_Left)
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Up)
    press(window, Qt.Key.Key_Enter)
    press(window, Qt.Key.Key_Home)
    press(window, Qt.Key.Key_Left)  # there is nothing before it
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_End)
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Return)
    assert heard == [3.0, 2.5, 0.5, 0.0, 3.5]


def test_the_word_that_is_heard_is_marked(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "aa bb cc dd", "ee ff gg hh")
    window = open_files()
    for place_s, word in (
        (0.0, (0, 0)),
        (0.49, (0, 0)),
        (0.5, (0, 1)),
        (2.0, (1, 0)),
        (7.9, (1, 3)),
    ):
        window.view.text.show_place(place_s, is_playing=True)
        assert window.view.text.marks.heard == word


def test_words_are_marked_one_after_another_while_they_sound(
    qtbot: QtBot, put: Put, open_files: OpenFiles, audio_server: AudioServer
) -> None:
    put("talk.wav", "aa bb cc dd", "ee ff gg hh")
    window = open_files()
    window.view.text.setFocus()
    heard: list[tuple[int, int]] = []
    text = window.view.text
    window.view.player.moved.connect(lambda _: heard.append(text.marks.heard))
    press(window, Qt.Key.Key_Space)
    assert window.view.play_button.accessibleName() == "Pause"
    wait(qtbot, lambda: (1, 0) in heard)
    press(window, Qt.Key.Key_Space)
    assert window.view.play_button.accessibleName() == "Play"
    assert heard == sorted(heard)
    assert 2.0 <= window.view.player.place_s < 4.0
    fall_silent(qtbot, window.view.player)


def test_without_its_sound_a_recording_says_so(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path
) -> None:
    put("talk.wav", "One.")
    (folder / "talk" / SOUND).unlink()
    window = open_files()
    window.view.text.setFocus()
    press(window, Qt.Key.Key_Space)
    wait(qtbot, lambda: window.banners.message("recording") is not None)
    assert "sound" in str(window.banners.message("recording"))


def test_sound_that_had_to_make_room_is_read_again(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path, tmp_path: Path
) -> None:
    put("talk.flac", "One.")
    (tmp_path / "talk.flac").write_bytes((CLIPS / human_clips()[1].name).read_bytes())
    (folder / "talk" / SOUND).unlink()
    window = open_files()
    wait(qtbot, lambda: window.view.player.has_sound)
    assert (folder / "talk" / SOUND).exists()


# Searching ----------------------------------------------------------------------------------


def test_words_are_found_one_after_another(qtbot: QtBot, put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "The cat.", "A dog.", "The end.")
    window = open_files()
    marks = window.view.text.marks
    QTest.keyClick(window, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(window.view.search.field, "the")
    wait(qtbot, lambda: set(marks.found) == {0, 2})
    assert marks.cursor == (0, 0)
    press(window, Qt.Key.Key_Return)
    assert marks.cursor == (2, 0)
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert marks.cursor == (0, 0)
    QTest.keyClick(window, Qt.Key.Key_F3, SHIFT)
    assert marks.cursor == (2, 0)
    press(window, Qt.Key.Key_Escape)
    assert not marks.found
    assert window.isVisible()
    assert window.view.text.hasFocus()


def test_f4_goes_through_the_doubtful_words(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "aa xx bb", "cc dd", "xx ee xx", doubtful="xx")
    window = open_files()
    cursor = window.view.text.marks
    places = []
    for modifiers in (NONE, NONE, NONE, NONE, SHIFT, SHIFT):
        QTest.keyClick(window, Qt.Key.Key_F4, modifiers)
        places.append(cursor.cursor)
    assert places == [(0, 1), (2, 0), (2, 2), (0, 1), (2, 2), (2, 0)]


# Exporting ----------------------------------------------------------------------------------


def test_all_of_the_text_is_copied(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "aa bb", "cc")
    window = open_files()
    QTest.keyClick(window, Qt.Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == "aa bb\ncc"
    window.view.text.setFocus()
    press(window, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "aa bb"


def test_what_was_corrected_is_what_is_exported(
    qtbot: QtBot, put: Put, open_files: OpenFiles, tmp_path: Path
) -> None:
    put("talk.wav", "aa bb", "cc dd")
    window = open_files()
    window.view.model.setData(window.view.model.index(0), "aa corrected")
    QTest.keyClick(window, Qt.Key.Key_E, CTRL)
    child(window, QFileDialog).fileSelected.emit(str(tmp_path / "talk.srt"))
    wait(qtbot, (tmp_path / "talk.srt").exists)
    assert (tmp_path / "talk.srt").read_text() == (
        "1\n00:00:00,000 --> 00:00:02,000\naa corrected\n\n"
        "2\n00:00:02,000 --> 00:00:04,000\ncc dd\n\n"
    )
    assert not list(tmp_path.glob(".talk*"))


def test_nothing_is_replaced_without_asking(
    qtbot: QtBot, put: Put, open_files: OpenFiles, tmp_path: Path
) -> None:
    put("talk.wav", "aa bb")
    window = open_files()
    target = tmp_path / "talk.txt"
    target.write_text("mine")
    window._exports.save(target, window.view.project)
    wait(qtbot, lambda: window.findChild(QMessageBox) is not None)
    assert target.read_text() == "mine"
    box = child(window, QMessageBox)
    assert "talk.txt" in box.text()
    next(each for each in box.buttons() if each.text() == "&Replace").click()
    wait(qtbot, lambda: target.read_text() == "aa bb\n")


# The list -----------------------------------------------------------------------------------


def test_removing_asks_and_leaves_the_recording(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path, tmp_path: Path
) -> None:
    put("talk.wav", "aa bb")
    (tmp_path / "talk.wav").write_bytes(b"the recording")
    window = open_files()
    window.list.setFocus()
    press(window, Qt.Key.Key_Delete)
    wait(qtbot, lambda: window.findChild(QMessageBox) is not None)
    box = child(window, QMessageBox)
    assert "The recording itself stays" in box.informativeText()
    next(each for each in box.buttons() if each.text() == "&Remove").click()
    wait(qtbot, lambda: not (folder / "talk").exists())
    wait(qtbot, lambda: load_queue(folder) == ())
    assert (tmp_path / "talk.wav").exists()
    assert window.waiting.isVisible()


def test_a_cancelled_recording_lets_the_next_one_have_its_turn(
    qtbot: QtBot, open_files: OpenFiles, tmp_path: Path
) -> None:
    window = open_files()
    window.add([tmp_path / "a.wav", tmp_path / "b.wav"])
    window.waiting.button.click()
    assert window.queue.rows[0].state is State.CANCELLED
    wait(qtbot, lambda: window.queue.rows[1].state is State.FAILED)
    assert window.waiting.sentence == "Cancelled"


def test_everything_that_takes_the_focus_has_a_name(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "aa bb", doubtful="bb")
    window = open_files()
    window.set_colours(DARK)
    window.view.search.open()
    window.grab()
    unnamed = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.accessibleName()
    ]
    assert unnamed == []


def test_tab_goes_through_the_controls_in_reading_order(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "aa bb")
    window = open_files()
    window.add_button.setFocus()
    names: list[str] = []
    while (focus := QApplication.focusWidget()) is not None and len(names) < 20:
        if focus.accessibleName() in names:
            break
        names.append(focus.accessibleName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert names == [
        "Open recordings",
        "Recordings",
        "Transcribe again",
        "Remove from the list",
        "Find",
        "Copy all text",
        "Export",
        "Waveform",
        "Play",
        "Zoom in",
        "Text",
    ]
