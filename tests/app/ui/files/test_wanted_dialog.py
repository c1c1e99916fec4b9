"""How recordings are to be transcribed is asked, with what there is to choose."""

from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QMenu,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.project import load_text
from sotto.app.core.projects.queued import State
from sotto.app.core.projects.wanted import Wanted
from sotto.app.dictating.engine import Model
from sotto.app.ui.files import FilesWindow
from sotto.app.ui.files.wanted_dialog import Asked, WantedDialog
from sotto.audio.input.source import SAMPLE_RATE
from tests.app.ui.conftest import child
from tests.app.ui.files.conftest import OpenFiles, Put
from tests.app.ui.files.hands import CTRL, SHIFT, texts, wait
from tools.fixtures.film import film

TONE = np.sin(np.arange(SAMPLE_RATE) / 9).astype(np.float32)
MODELS = (
    Model("", (), is_starter=True, label="Best for this machine"),
    Model("base", (), is_starter=False),
)


def asked(window: FilesWindow) -> WantedDialog:
    window.set_models(MODELS)
    QTest.keyClick(window, Qt.Key.Key_R, CTRL)
    return child(window, WantedDialog)


def is_offered(dialog: WantedDialog, field: QWidget) -> bool:
    return child(dialog, QFormLayout).isRowVisible(field)


def accept(dialog: WantedDialog) -> None:
    buttons = child(dialog, QDialogButtonBox)
    accept, _cancel = (button for button in buttons.buttons())
    QTest.mouseClick(accept, Qt.MouseButton.LeftButton)


def test_a_film_offers_its_tracks_and_the_text_that_is_there_stays(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path, tmp_path: Path
) -> None:
    names = (("ger", "Ton"), ("und", "Commentary"), ("", ""))
    (tmp_path / "film.mkv").write_bytes(film((TONE, TONE, TONE), names=names))
    put("film.mkv", "First.")
    window = open_files()
    dialog = asked(window)
    wait(qtbot, lambda: is_offered(dialog, dialog.track))
    assert [dialog.track.itemText(at) for at in range(3)] == [
        "1: German, Ton",
        "2: Commentary",
        "3",
    ]
    assert dialog.track.currentIndex() == 0
    assert not is_offered(dialog, dialog.channels)
    dialog.track.setCurrentIndex(1)
    dialog.model.setCurrentIndex(1)
    dialog.language.setCurrentIndex(dialog.language.findData("de"))
    accept(dialog)
    rows = window.queue.rows
    assert [row.wanted for row in rows] == [Wanted(), Wanted("base", "de", 2)]
    assert window.list.current == rows[1]
    assert rows[1].replaces == ""
    assert load_text(folder / "film").document.lines[0].text == " First."


def test_stereo_offers_its_channels(
    qtbot: QtBot, put: Put, open_files: OpenFiles, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "call.wav", np.stack([TONE, TONE], axis=1), SAMPLE_RATE)
    put("call.wav", "First.")
    window = open_files()
    dialog = asked(window)
    wait(qtbot, lambda: is_offered(dialog, dialog.channels))
    assert not is_offered(dialog, dialog.track)
    assert dialog.wanted == Wanted()
    dialog.channels.setCurrentIndex(dialog.channels.findData("separate"))
    assert dialog.wanted == Wanted(channels="separate")
    dialog.reject()
    assert len(window.queue.rows) == 1


def test_who_does_not_keep_the_text_is_told_that_it_goes(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "One.")
    window = open_files()
    dialog = asked(window)
    assert dialog.keeps.isChecked()
    dialog.keeps.setChecked(False)
    assert "takes the place of this one, with all that was corrected" in dialog.consequence
    accept(dialog)
    assert window.queue.rows[1].replaces == "talk"


def test_what_gives_way_while_it_is_shown_makes_room_for_the_new_text(
    qtbot: QtBot, put: Put, open_files: OpenFiles, folder: Path
) -> None:
    put("new.wav", "New.")
    put("old.wav", "Old.")
    window = open_files()
    wait(qtbot, lambda: texts(window) == ["Old."])
    window.view.model.setData(window.view.model.index(0), "Older.")
    window.queue.replaced.emit("old", "new")
    window.queue.remove("old")
    wait(qtbot, lambda: texts(window) == ["New."])
    wait(qtbot, lambda: not (folder / "old").exists())
    assert load_text(folder / "new").document.lines[0].text == " New."


def test_a_file_that_is_gone_is_asked_for_as_before(put: Put, open_files: OpenFiles) -> None:
    put("talk.wav", "One.")
    window = open_files()
    dialog = WantedDialog(Asked.of(window.queue.rows[0]), MODELS, window)
    assert dialog.wanted == Wanted()
    dialog.deleteLater()


# Before the first time -----------------------------------------------------------------------


def pretending(window: FilesWindow) -> None:
    """Let nothing come of what is transcribed: a process that takes jobs, and does none."""
    window.queue._transcriber._program = ["-c", "import sys; sys.stdin.read()"]


def choose_files(window: FilesWindow, *paths: Path) -> None:
    dialog = child(window, QFileDialog)
    assert dialog.windowTitle() == "Open recordings with other settings"
    dialog.filesSelected.emit([str(path) for path in paths])
    dialog.done(0)


def test_a_waiting_film_says_that_it_has_tracks_and_gets_another_one_by_its_menu(
    qtbot: QtBot, open_files: OpenFiles, tmp_path: Path
) -> None:
    names = (("eng", ""), ("ger", "Kommentar"))
    (tmp_path / "film.mkv").write_bytes(film((TONE, TONE), names=names))
    soundfile.write(tmp_path / "talk.wav", TONE, SAMPLE_RATE)
    window = open_files()
    pretending(window)
    window.add([tmp_path / "talk.wav"])
    window.add([tmp_path / "film.mkv"])
    wait(qtbot, lambda: window.queue.rows[1].n_tracks == 2)
    shown = window.list.model().index(1, 0)
    said = shown.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "film.mkv: Waiting · 2 sound tracks"
    assert "It has 2 sound tracks, of which the default one is heard." in window.waiting.sentence
    window.list.setFocus()
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(window.list.viewport(), QContextMenuEvent(reason, QPoint(), QPoint()))
    menu = child(window, QMenu)
    wait(qtbot, menu.isVisible)
    assert [each.text() for each in menu.actions() if each.text()] == [
        "&Transcribe with…",
        "&Cancel",
        "&Remove from the list",
    ]
    QTest.keyClick(menu, Qt.Key.Key_T)
    dialog = child(window, WantedDialog)
    assert dialog.windowTitle() == "Transcribe with other settings"
    assert not dialog.keeps.isVisible()
    wait(qtbot, lambda: is_offered(dialog, dialog.track))
    dialog.track.setCurrentIndex(1)
    accept(dialog)
    assert [row.state for row in window.queue.rows] == [State.WORKING, State.WAITING]
    assert window.queue.rows[1].wanted == Wanted(track=2)
    assert window.list.current == window.queue.rows[1]
    assert "number 2 is heard" in window.waiting.sentence


def test_what_is_at_work_begins_anew_with_other_settings(
    qtbot: QtBot, open_files: OpenFiles, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "talk.wav", TONE, SAMPLE_RATE)
    window = open_files()
    pretending(window)
    window.set_models(MODELS)
    window.add([tmp_path / "talk.wav"])
    wait(qtbot, lambda: window.queue.rows[0].state is State.WORKING)
    QTest.mouseClick(window.waiting.others, Qt.MouseButton.LeftButton)
    dialog = child(window, WantedDialog)
    assert "what is done of it up to now is given up" in dialog.consequence
    dialog.language.setCurrentIndex(dialog.language.findData("de"))
    accept(dialog)
    wait(qtbot, lambda: [row.state for row in window.queue.rows] == [State.WORKING])
    (row,) = window.queue.rows
    assert window.list.current == row
    assert row.wanted == Wanted(language="de")


def test_several_films_are_opened_with_a_track_that_all_of_them_have(
    qtbot: QtBot, open_files: OpenFiles, tmp_path: Path
) -> None:
    for name, title in (("one.mkv", "Ton"), ("two.mkv", "Klang")):
        names = (("eng", ""), ("ger", title))
        (tmp_path / name).write_bytes(film((TONE, TONE), names=names))
    (tmp_path / "broken.mkv").write_bytes(b"nothing")
    window = open_files()
    pretending(window)
    QTest.keyClick(window, Qt.Key.Key_O, CTRL | SHIFT)
    paths = tuple(tmp_path / name for name in ("one.mkv", "broken.mkv", "two.mkv"))
    choose_files(window, *paths)
    dialog = child(window, WantedDialog)
    wait(qtbot, lambda: is_offered(dialog, dialog.track))
    assert [dialog.track.itemText(at) for at in range(dialog.track.count())] == [
        "The one that each file plays first",
        "1: English",
        "2: German",
    ]
    assert dialog.wanted == Wanted()
    dialog.track.setCurrentIndex(2)
    assert not window.queue.rows
    accept(dialog)
    assert [(row.source, row.wanted) for row in window.queue.rows] == [
        (path, Wanted(track=2)) for path in paths
    ]


def test_nothing_is_added_where_the_question_is_left(open_files: OpenFiles, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "talk.wav", TONE, SAMPLE_RATE)
    window = open_files()
    assert window.waiting.others.text() == "Open &with other settings…"
    QTest.mouseClick(window.waiting.others, Qt.MouseButton.LeftButton)
    choose_files(window, tmp_path / "talk.wav")
    child(window, WantedDialog).reject()
    assert not window.queue.rows
