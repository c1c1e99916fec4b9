"""How a recording is to be transcribed once more is asked, with what there is to choose."""

from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFormLayout, QWidget
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.project import load_text
from sotto.app.core.projects.wanted import Wanted
from sotto.app.dictating.engine import Model
from sotto.app.ui.files import FilesWindow
from sotto.app.ui.files.again_dialog import AgainDialog
from sotto.audio.input.source import SAMPLE_RATE
from tests.app.ui.conftest import child
from tests.app.ui.files.conftest import OpenFiles, Put
from tests.app.ui.files.hands import CTRL, texts, wait
from tools.fixtures.film import film

TONE = np.sin(np.arange(SAMPLE_RATE) / 9).astype(np.float32)
MODELS = (
    Model("", (), is_starter=True, label="Best for this machine"),
    Model("base", (), is_starter=False),
)


def asked(window: FilesWindow) -> AgainDialog:
    window.set_models(MODELS)
    QTest.keyClick(window, Qt.Key.Key_R, CTRL)
    return child(window, AgainDialog)


def is_offered(dialog: AgainDialog, field: QWidget) -> bool:
    return child(dialog, QFormLayout).isRowVisible(field)


def accept(dialog: AgainDialog) -> None:
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
    dialog = AgainDialog(window.queue.rows[0], MODELS, window)
    assert dialog.wanted == Wanted()
    dialog.deleteLater()
