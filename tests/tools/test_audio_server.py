"""Who speaks into a sound server in a test leaves nothing that goes on after it."""

import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tools.fixtures.audio_server import SAMPLE_RATE, AudioServer

MINUTE = np.ones(60 * SAMPLE_RATE, np.int16)


def test_speaking_ends_with_the_test(audio_server: AudioServer) -> None:
    before = threading.active_count()
    with audio_server.speaking(MINUTE) as speaker:
        assert speaker.is_alive()
    assert threading.active_count() == before


def test_speaking_ends_with_the_server(audio_server: AudioServer) -> None:
    with audio_server.speaking(MINUTE) as speaker:
        audio_server.kill()
        speaker.join()


def test_playing_ends_with_the_test(audio_server: AudioServer, tmp_path: Path) -> None:
    path = tmp_path / "minute.wav"
    soundfile.write(path, MINUTE, SAMPLE_RATE)
    with audio_server.playing(path, "feed") as player:
        assert player.is_playing
    assert not player.is_playing


def test_what_cannot_be_played_is_told(audio_server: AudioServer, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"did not play it: open.*: No such file"):
        audio_server.play(tmp_path / "nothing.wav", "feed")
