"""The window of recordings: opened, read, searched, exported."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDragLeaveEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.project import load_text, save_text
from sotto.app.core.projects.queued import State, load_queue
from sotto.app.core.transcription_files import FORMATS
from sotto.app.ui.widgets.drop_hint import DropHint
from tests.app.ui.conftest import child
from tests.app.ui.files.conftest import OpenFiles, Put
from tests.app.ui.files.hands import CTRL, NONE, SHIFT, drag, drop, press, texts, wait
from tools.fixtures.clips import CLIPS, human_clips
from tools.fixtures.official import FOLDER, official


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


def test_a_drag_over_the_window_is_answered_as_long_as_it_is_there(open_files: OpenFiles) -> None:
    window = open_files()
    hint = child(window, DropHint)
    assert hint.isHidden()
    text, file = QMimeData(), QMimeData()
    text.setText("no file")
    drag(window, text)
    assert hint.isHidden()
    file.setUrls([QUrl.fromLocalFile("/gone.wav")])
    drag(window, file)
    assert hint.isVisible()
    assert hint.size().width() > 0.9 * window.width()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert hint.isHidden()
    drop(window, file)
    assert hint.isHidden()
    assert len(window.queue.rows) == 1


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


def test_damage_is_told_as_long_as_its_recording_is_shown(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path, tmp_path: Path
) -> None:
    put("whole.wav", "First.")
    put("hurt.wav", "Second.")
    hurt = load_text(folder / "hurt")
    save_text(replace(hurt, damage=f"“{hurt.source}” is damaged: copy it again"), folder / "hurt")
    window = open_files()
    wait(qtbot, lambda: bool(window.banners.message("damage")))
    assert window.banners.message("damage") == "“hurt.wav” is damaged: copy it again"
    window.list.choose("whole")
    assert window.banners.message("damage") is None
    window.list.choose("hurt")
    wait(qtbot, lambda: bool(window.banners.message("damage")))
    window.add([tmp_path / "gone.wav"])
    assert window.banners.message("damage") is None


# Correcting ---------------------------------------------------------------------------------


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
    assert "All of the text is copied" in {label.text() for label in window.findChildren(QLabel)}
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


def test_subtitles_for_reading_and_every_format_are_offered(
    qtbot: QtBot, put: Put, open_files: OpenFiles, tmp_path: Path
) -> None:
    put("talk.wav", "one two three four five six seven eight nine, ten eleven twelve")
    window = open_files()
    window.view.export()
    dialog = child(window, QFileDialog)
    offered = dialog.nameFilters()
    assert {each.rpartition("*.")[2].rstrip(")") for each in offered} == set(FORMATS)
    assert len(offered) == len(set(offered))
    reading = next(each for each in offered if "read" in each and "srt" in each)
    dialog.selectNameFilter(reading)
    dialog.fileSelected.emit(str(tmp_path / "talk.srt"))
    wait(qtbot, (tmp_path / "talk.srt").exists)
    (cue,) = (tmp_path / "talk.srt").read_text().strip().split("\n\n")
    assert cue.splitlines()[2:] == [
        "one two three four five six seven",
        "eight nine, ten eleven twelve",
    ]


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


def test_tab_goes_through_the_controls_in_reading_order(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "aa bb")
    window = open_files()
    window.panel.add_with_button.setFocus()
    names: list[str] = []
    while (focus := QApplication.focusWidget()) is not None and len(names) < 20:
        if focus.accessibleName() in names:
            break
        names.append(focus.accessibleName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert names == [
        "Open recordings with other settings",
        "Open recordings",
        "Recordings",
        "Transcribe again",
        "Remove from the list",
        "Find",
        "Copy all text",
        "Export",
        "Waveform",
        "Play",
        "Playback speed: 1 ×",  # noqa: RUF001 (the sign of times)
        "Zoom in",
        "Text",
    ]
