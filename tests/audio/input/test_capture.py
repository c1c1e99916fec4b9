import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from sotto.audio.input.capture import SILENT_S, CaptureSource
from sotto.audio.input.devices import find_device
from sotto.audio.input.microphone import microphone_source
from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm
from sotto.audio.input.system_audio import system_audio_source
from sotto.clock import SleeplessClock
from sotto.errors import DeviceError
from tests.helpers.jack_server import jack_server
from tools.fixtures.audio_server import AudioServer
from tools.fixtures.busy_machine import busy
from tools.fixtures.clips import CLIPS, starter_clips

PATIENCE_S = 60  # machines stall; nothing here takes more than some seconds
CLIP = starter_clips()[0]


Listening = Callable[[CaptureSource], CaptureSource]


@pytest.fixture(name="listening")
def fixture_listening(audio_server: AudioServer) -> Iterator[Listening]:
    """Passes a source on and closes it, whatever happens: an open one hides new devices."""
    with ExitStack() as stack:

        def listening(source: CaptureSource) -> CaptureSource:
            stack.callback(source.close)
            return source

        yield listening


def read_until(source: CaptureSource, done: Callable[[int], bool]) -> Pcm:
    """Read until `done` (told how many samples came), as the engine thread does."""
    deadline = time.monotonic() + PATIENCE_S
    blocks: list[Pcm] = [np.zeros(0, np.float32)]
    while not done(sum(map(len, blocks))):
        assert time.monotonic() < deadline, "no sound came"
        blocks.append(source.read())
        time.sleep(0.02)
    return np.concatenate(blocks)


def as_int16(pcm: Pcm) -> NDArray[np.int16]:
    return np.rint(pcm * 32_768).astype(np.int16)


def find(needle: NDArray[np.int16], haystack: NDArray[np.int16]) -> int:
    """Where the needle begins, exactly."""
    for at in np.flatnonzero(haystack == needle[0]):
        if np.array_equal(haystack[at : at + len(needle)], needle):
            return int(at)
    raise AssertionError("what was spoken did not arrive whole")


def similarity(recording: Pcm, clip: Pcm) -> float:
    """The highest correlation of the clip with any stretch of the recording as long."""
    n_points = 1 << (len(recording) + len(clip)).bit_length()
    spectrum = np.fft.rfft(recording, n_points) * np.conj(np.fft.rfft(clip, n_points))
    products = np.fft.irfft(spectrum)[: len(recording) - len(clip) + 1]
    energy = np.concatenate(([0.0], np.cumsum(np.square(recording, dtype=np.float64))))
    energies = energy[len(clip) :] - energy[: -len(clip)]
    norms = np.sqrt(np.maximum(energies, 1e-9) * float(np.square(clip).sum()))
    return float((products / norms).max())


@pytest.mark.parametrize("n_programs", [0, 4])
def test_every_sample_spoken_arrives_exactly_however_busy_the_machine_is(
    audio_server: AudioServer, listening: Listening, n_programs: int
) -> None:
    with busy(n_programs):
        speak_and_find(audio_server, listening)


def speak_and_find(audio_server: AudioServer, listening: Listening) -> None:
    rng = np.random.default_rng(0)
    noise = rng.integers(-20_000, 20_000, 3 * SAMPLE_RATE).astype(np.int16)
    around = np.zeros(2 * SAMPLE_RATE, np.int16)
    source = listening(microphone_source("pipemic"))
    source.open()
    with audio_server.speaking(np.concatenate([around, noise, around])):
        heard = read_until(source, lambda n: n >= 6 * SAMPLE_RATE)
    find(noise, as_int16(heard))
    assert source.losses() == []
    source.close()


def test_what_was_captured_can_be_read_after_closing(
    audio_server: AudioServer, listening: Listening
) -> None:
    source = listening(microphone_source("virtmic"))
    with audio_server.awake("virtmic"):
        source.open()
        read_until(source, lambda n: n > 0)
        time.sleep(1)
        source.close()
    source.close()
    assert len(source.read()) > 0
    assert source.exhausted
    assert len(source.read()) == 0


def play_beside(
    server: AudioServer, source: CaptureSource, sink: str, path: Path, monitor: str
) -> Pcm:
    """What the source hears while a file is played, from a second before to a second after."""
    with server.awake(monitor):
        source.open()
        before = read_until(source, lambda n: n >= SAMPLE_RATE)
        with server.playing(path, sink) as player:
            during = read_until(source, lambda _: not player.is_playing)
            player.wait_for_end()
        after = read_until(source, lambda n: n >= SAMPLE_RATE)
        source.close()
    return np.concatenate([before, during, after])


def test_a_clip_played_into_the_microphone_is_heard(
    audio_server: AudioServer, listening: Listening
) -> None:
    source = listening(microphone_source())  # the default is the virtual microphone
    heard = play_beside(audio_server, source, "feed", CLIPS / CLIP.name, "virtmic")
    assert similarity(heard, CLIP.pcm()) > 0.99


def test_system_audio_hears_what_is_played_on_the_speakers(
    audio_server: AudioServer, listening: Listening, tmp_path: Path
) -> None:
    path = tmp_path / "stereo.wav"
    soundfile.write(path, np.tile(CLIP.pcm()[:, None], 2), SAMPLE_RATE)
    source = listening(system_audio_source())
    heard = play_beside(audio_server, source, "speakers", path, "speakers.monitor")
    assert similarity(heard, CLIP.pcm()) > 0.98


def hear_something(source: CaptureSource) -> None:
    read_until(source, lambda n: n > 0)


def missing_s(losses: list[Loss]) -> float:
    return sum(loss.n_samples for loss in losses) / SAMPLE_RATE


def plug_in(server: AudioServer, name: str = "virtmic") -> None:
    server.load("module-remap-source", "master=feed.monitor", f"source_name={name}")


def test_a_microphone_unplugged_is_waited_for_and_heard_again(
    audio_server: AudioServer, listening: Listening
) -> None:
    source = listening(microphone_source("virtmic"))
    with audio_server.awake("virtmic"):
        source.open()
        n_before = len(read_until(source, lambda n: n >= SAMPLE_RATE // 2))
    audio_server.unload("virtmic")
    away_since = time.monotonic()
    n_before += len(read_until(source, lambda _: source.is_away))
    assert not source.exhausted
    assert len(read_until(source, lambda _: time.monotonic() > away_since + SILENT_S)) == 0
    plug_in(audio_server)
    with audio_server.awake("virtmic"):
        hear_something(source)
    assert not source.is_away
    (loss,) = source.losses()
    assert loss.reason == f"{source.name} was away"
    assert loss.start == n_before
    assert loss.n_samples > SAMPLE_RATE


def test_a_microphone_chosen_by_its_number_is_the_same_after_others_have_gone(
    audio_server: AudioServer, listening: Listening
) -> None:
    plug_in(audio_server, "headset")
    number = find_device("headset").index
    plug_in(audio_server, "other")
    source = listening(microphone_source(number))
    with audio_server.awake("headset"):
        source.open()
        hear_something(source)
    audio_server.unload("headset")
    assert find_device(number).pulse_source == "other"
    read_until(source, lambda _: source.is_away)
    plug_in(audio_server, "headset")
    with audio_server.awake("headset"):
        read_until(source, lambda _: audio_server.listened_to() == {"headset"})


def test_another_source_is_never_heard_in_place_of_the_chosen_one(
    audio_server: AudioServer, listening: Listening
) -> None:
    """A server moves streams off a source that is gone, perhaps to what the speakers play."""
    source = listening(microphone_source("virtmic"))
    with audio_server.awake("virtmic"):
        source.open()
        hear_something(source)
    audio_server.set_default_source("feed.monitor")
    audio_server.unload("virtmic")
    read_until(source, lambda _: source.is_away)
    heard_for = time.monotonic() + 1
    with audio_server.awake("feed.monitor"):
        assert len(read_until(source, lambda _: time.monotonic() > heard_for)) == 0


def test_who_waits_for_a_microphone_can_stop(
    audio_server: AudioServer, listening: Listening
) -> None:
    source = listening(microphone_source("virtmic"))
    with audio_server.awake("virtmic"):
        source.open()
        hear_something(source)
    audio_server.unload("virtmic")
    read_until(source, lambda _: source.is_away)
    source.close()
    assert source.exhausted
    assert not source.is_away
    assert len(source.read()) == 0


def test_the_default_microphone_is_followed(
    audio_server: AudioServer, listening: Listening
) -> None:
    """To another that is plugged in and chosen, and back when that goes."""
    source = listening(microphone_source())
    with audio_server.awake("virtmic"):
        source.open()
        hear_something(source)
        read_until(source, lambda _: source._had_server)
        plug_in(audio_server, "headset")
        audio_server.set_default_source("headset")
        read_until(source, lambda _: audio_server.listened_to() == {"headset"})
        audio_server.unload("headset")
        audio_server.set_default_source("virtmic")
        read_until(source, lambda _: audio_server.listened_to() == {"virtmic"})
        read_until(source, lambda n: n >= SAMPLE_RATE)
    assert missing_s(source.losses()) < PATIENCE_S


def test_what_is_played_is_heard_wherever_it_is_played(
    audio_server: AudioServer, listening: Listening
) -> None:
    source = listening(system_audio_source())
    source.open()
    read_until(source, lambda _: source._had_server)
    audio_server.load("module-null-sink", "sink_name=headphones")
    audio_server.set_default_sink("headphones")
    read_until(source, lambda _: audio_server.listened_to() == {"headphones.monitor"})
    read_until(source, lambda n: n > 0)


def test_without_any_microphone_what_is_played_is_not_heard(
    audio_server: AudioServer, listening: Listening
) -> None:
    source = listening(microphone_source())
    with audio_server.awake("virtmic"):
        source.open()
        hear_something(source)
    audio_server.unload("pipemic")
    audio_server.unload("virtmic")
    read_until(source, lambda _: source.is_away)
    with pytest.raises(DeviceError, match="no microphone was found"):
        microphone_source().open()
    plug_in(audio_server)
    with audio_server.awake("virtmic"):
        hear_something(source)


def test_a_server_that_comes_back_goes_unnoticed_but_for_the_loss(
    audio_server: AudioServer, listening: Listening
) -> None:
    source = listening(microphone_source())
    with audio_server.awake("virtmic"):
        source.open()
        hear_something(source)
    audio_server.kill()
    read_until(source, lambda _: source.is_away)
    with pytest.raises(DeviceError, match="no microphone was found"):
        microphone_source().open()
    audio_server.start()
    with audio_server.awake("virtmic"):
        read_until(source, lambda n: n >= SAMPLE_RATE)
    assert "default was away" in [loss.reason for loss in source.losses()]


def test_a_server_that_hangs_hangs_nobody(audio_server: AudioServer, listening: Listening) -> None:
    source = listening(microphone_source())
    with audio_server.awake("virtmic"):
        source.open()
        hear_something(source)
        audio_server.signal(signal.SIGSTOP)
        read_until(source, lambda _: source.is_away)
        audio_server.signal(signal.SIGCONT)
        read_until(source, lambda n: n >= SAMPLE_RATE)
    assert missing_s(source.losses()) > SILENT_S


def test_who_listens_can_stop_while_the_server_hangs(
    audio_server: AudioServer, listening: Listening
) -> None:
    source = listening(microphone_source())
    with audio_server.awake("virtmic"):
        source.open()
        hear_something(source)
        audio_server.signal(signal.SIGSTOP)
        source.close()
        source.read()
        assert source.exhausted
        audio_server.signal(signal.SIGCONT)


def test_a_machine_that_slept_tells_how_long(
    audio_server: AudioServer, listening: Listening
) -> None:
    class Sleeper(SleeplessClock):
        slept_s = 0.0

        def now(self) -> float:
            return super().now() + self.slept_s

    clock = Sleeper()
    source = listening(microphone_source("virtmic", clock))
    with audio_server.awake("virtmic"):
        source.open()
        read_until(source, lambda n: n >= SAMPLE_RATE)
        clock.slept_s = 3600.0
        read_until(source, lambda n: n >= SAMPLE_RATE)
    assert 3595 < missing_s(source.losses()) < 3600 + PATIENCE_S


def test_a_microphone_that_stays_silent_is_waited_for(
    audio_server: AudioServer, listening: Listening
) -> None:
    source = listening(microphone_source("pipemic"))  # delivers nothing while nobody writes
    source.open()
    read_until(source, lambda _: source.is_away)
    with audio_server.speaking(np.ones(60 * SAMPLE_RATE, np.int16)):
        hear_something(source)


# In a process of its own: PortAudio keeps a JACK client until its process ends.
_LISTEN_FOR_2_S = """
import json, time
from sotto.audio.input.devices import find_device
from sotto.audio.input.microphone import microphone_source
source = microphone_source("system")
source.open()
n_read, deadline = 0, time.monotonic() + 60
while n_read < 32_000 and time.monotonic() < deadline:
    n_read += len(source.read())
    time.sleep(0.02)
source.close()
print(json.dumps({"rate": find_device("system").default_rate, "n_read": n_read}))
"""


def test_a_device_that_refuses_16_khz_is_resampled() -> None:
    with jack_server(48_000) as environment:
        result = subprocess.run(
            [sys.executable, "-c", _LISTEN_FOR_2_S],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    heard = json.loads(result.stdout)
    assert heard["rate"] == 48_000
    assert heard["n_read"] >= 32_000
