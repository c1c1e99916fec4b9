import subprocess
import threading

import numpy as np
import pytest

from sotto.audio.cues import Cue, play_cue, samples
from sotto.audio.input.portaudio import devices_held, play
from sotto.audio.speech.vad import FRAME_SAMPLES, VoiceDetector
from sotto.errors import DeviceError
from tools.fixtures.audio_server import AudioServer, no_audio_server

_FORMAT = ("--format=float32le", "--rate=48000", "--channels=1", "--latency-msec=20")


@pytest.mark.parametrize("cue", list(Cue))
def test_a_cue_is_heard_from_the_speakers(audio_server: AudioServer, cue: Cue) -> None:
    recorder = subprocess.Popen(
        ["parec", "--device=speakers.monitor", "--raw", *_FORMAT],
        stdout=subprocess.PIPE,
    )
    assert recorder.stdout is not None
    recorder.stdout.read(4 * 4800)  # it records
    play_cue(cue)
    heard = np.frombuffer(recorder.stdout.read(4 * 48_000), np.float32)
    recorder.kill()
    recorder.communicate()
    spectrum = np.abs(np.fft.rfft(heard))
    frequencies = np.fft.rfftfreq(len(heard), 1 / 48_000)
    loud = frequencies[spectrum > 0.5 * spectrum.max()]
    assert {round(note / 30) for note in loud} <= {
        round(note / 30) + d for note in cue.value for d in (-1, 0, 1)
    }
    assert 0.03 < np.abs(heard).max() < 0.1


@pytest.mark.parametrize("cue", list(Cue))
def test_a_cue_that_the_microphone_hears_softly_is_no_voice(cue: Cue) -> None:
    detector = VoiceDetector(2)
    pcm = np.random.default_rng(0).normal(0, 1e-4, 16_000).astype(np.float32)
    sound = samples(cue)[::3]  # 16 kHz; its notes are far below 8 kHz
    pcm[8_000 : 8_000 + len(sound)] += 0.03 * sound  # 30 dB less, from speakers through a room
    frames = pcm[: len(pcm) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    assert not any(detector.is_voiced(frame) for frame in frames)


def test_speakers_that_came_after_the_start_are_played_on(audio_server: AudioServer) -> None:
    with no_audio_server(), devices_held() as sounddevice:
        assert not sounddevice.query_devices()
    play_cue(Cue.STARTED)


def test_playing_can_be_stopped(audio_server: AudioServer) -> None:
    stopping = threading.Event()
    long = np.zeros(48_000 * 600, np.float32)
    player = threading.Thread(target=play, args=(long, 48_000, stopping.is_set))
    player.start()
    stopping.set()
    player.join(60)
    assert not player.is_alive()


def test_without_speakers_there_is_a_line_that_says_so() -> None:
    with no_audio_server(), pytest.raises(DeviceError, match="nothing can be played"):
        play_cue(Cue.STARTED)
