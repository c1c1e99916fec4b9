"""A recording is heard from any place, on a real sound server."""

import time

import numpy as np
import pulsectl
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sotto.app.ui.files.player import FilePlayer
from sotto.audio.input.source import SAMPLE_RATE
from tools.fixtures.audio_server import AudioServer, no_audio_server

WAIT_MS = 60_000
SOUND = (8000 * np.sin(np.arange(8 * SAMPLE_RATE) * 0.2)).astype(np.int16)


def fall_silent(qtbot: QtBot, player: FilePlayer) -> None:
    """Stop, and wait until the speakers are given back: the server is about to end."""
    player.stop()
    given_back: list[None] = []
    player._background.run(lambda: None, given_back.append, lambda _: None)
    qtbot.waitUntil(lambda: bool(given_back), timeout=WAIT_MS)


def n_heard() -> int:
    with pulsectl.Pulse("sotto-test") as pulse:
        return len(pulse.sink_input_list())


def test_it_plays_from_a_place_moves_on_and_stops_there(
    qtbot: QtBot, audio_server: AudioServer
) -> None:
    owner = QObject()
    player = FilePlayer(owner)
    player.load(SOUND)
    places: list[float] = []
    player.moved.connect(places.append)
    began = time.monotonic()
    player.play(3.0)
    qtbot.waitUntil(lambda: n_heard() == 1, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: player.place_s > 3.5, timeout=WAIT_MS)
    player.stop()
    took_s = time.monotonic() - began
    assert places == sorted(places)
    assert 3.5 < player.place_s <= 3.0 + took_s
    qtbot.waitUntil(lambda: n_heard() == 0, timeout=WAIT_MS)
    place_s = player.place_s
    player.toggle()
    assert player.place_s >= place_s
    player.seek(1.0)
    assert player.is_playing
    assert player.place_s < 1.5
    fall_silent(qtbot, player)
    owner.deleteLater()


def test_the_end_is_the_end_and_then_it_begins_anew(
    qtbot: QtBot, audio_server: AudioServer
) -> None:
    owner = QObject()
    player = FilePlayer(owner)
    player.load(SOUND)
    player.play(7.7)
    qtbot.waitUntil(lambda: not player.is_playing, timeout=WAIT_MS)
    assert player.place_s == pytest.approx(8.0)
    player.play()
    assert player.place_s < 1.0
    fall_silent(qtbot, player)
    owner.deleteLater()


def test_where_there_are_no_speakers_it_says_so(qtbot: QtBot) -> None:
    with no_audio_server():
        owner = QObject()
        player = FilePlayer(owner)
        player.load(SOUND)
        with qtbot.waitSignal(player.failed, timeout=WAIT_MS) as told:
            player.play()
        assert told.args is not None
        assert "play" in told.args[0]
        assert not player.is_playing
        owner.deleteLater()
