"""Words that are heard as they are clicked, and marked as they sound."""

import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.names import SOUND
from tests.app.ui.files.conftest import OpenFiles, Put
from tests.app.ui.files.hands import NONE, press, wait, word_point
from tests.app.ui.files.test_player import fall_silent
from tools.fixtures.audio_server import AudioServer
from tools.fixtures.clips import CLIPS, human_clips


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
        window.view.text.reading.show_place(place_s, is_playing=True)
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
    assert window.view.transport.play_button.accessibleName() == "Pause"
    wait(qtbot, lambda: (1, 0) in heard)
    press(window, Qt.Key.Key_Space)
    assert window.view.transport.play_button.accessibleName() == "Play"
    assert heard == sorted(heard)
    assert 2.0 <= window.view.player.place_s < 4.0
    fall_silent(qtbot, window.view.player)


def test_keys_and_a_menu_change_how_fast_it_is_played(
    qtbot: QtBot, put: Put, open_files: OpenFiles, audio_server: AudioServer
) -> None:
    put("talk.wav", "aa bb cc dd", "ee ff gg hh")
    window = open_files()
    window.view.text.setFocus()
    button, player = window.view.transport.tempo_button, window.view.player
    tempos = []
    for key in ("<", ">", ">", ">", ">", ">", ">"):
        QTest.keyClicks(window.view.text, key)
        tempos.append(player.tempo)
    assert tempos == [0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.0]
    assert button.accessibleName() == "Playback speed: 2 ×"  # noqa: RUF001 (the sign of times)
    began = time.monotonic()
    player.play(2.0)
    wait(qtbot, lambda: player.place_s > 2.3)
    button.menu().actions()[0].trigger()
    assert (player.is_playing, player.tempo) == (True, 0.5)
    assert 2.3 < player.place_s <= 2.0 + 2.0 * (time.monotonic() - began)
    slower, place_s = time.monotonic(), player.place_s
    wait(qtbot, lambda: player.place_s > place_s + 0.1)
    assert player.place_s - place_s <= 0.5 * (time.monotonic() - slower)
    fall_silent(qtbot, player)


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
