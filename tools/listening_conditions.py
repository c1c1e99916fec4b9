"""How people's recordings are heard: clean, in noise, in a room, joined, with pauses between or in.

Everything is made with fixed seeds, so that two measurements hear the same sound.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from tools.peers.speech import Recording

SEED = 0
ROOM_S = 0.5  # reverberation time (60 dB) of a living room
DIRECT = 1.0  # of the direct sound beside a reverberation of energy 1: a metre from the mouth
MONOLOGUE_S = 90.0
JOIN_S = 0.1  # between the sentences of a monologue: less than any endpointer waits for
PAUSE_S = 3.0
HESITATION_S = 1.0  # inside a sentence: longer than any endpointer waits for
STILL_S = 0.1  # of sound whose loudness says where there is no word
ROOM_TONE = 1e-4  # -80 dB of full scale, behind and between recordings
QUIET = 0.01  # of the peak: what is softer at the ends of a recording is not speech


@dataclass(frozen=True, slots=True)
class Clip:
    """A sound to listen to.

    Attributes:
        name: of the recording, or of the first one.
        text: what is said.
        language: its code.
        pcm: (n_samples,), 16 kHz, [-1, 1].
    """

    name: str
    text: str
    language: str
    pcm: Pcm

    @property
    def duration_s(self) -> float:
        """Seconds of sound."""
        return len(self.pcm) / SAMPLE_RATE

    @property
    def speech_end_s(self) -> float:
        """Where the sound falls 40 dB below its peak for good."""
        return _loud(self.pcm)[1] / SAMPLE_RATE


Make = Callable[[Sequence[Recording]], Iterator[Clip]]


def clean(recordings: Sequence[Recording]) -> Iterator[Clip]:
    """Yield each recording as it is."""
    for recording in recordings:
        yield Clip(recording.path.stem, recording.text, recording.language, recording.pcm())


def in_noise(snr_db: float) -> Make:
    """Return what puts pink noise, such as of a fan, under each recording."""

    def make(recordings: Sequence[Recording]) -> Iterator[Clip]:
        for index, clip in enumerate(clean(recordings)):
            noise = pink_noise(len(clip.pcm), np.random.default_rng((SEED, index)))
            gain = np.sqrt(np.mean(clip.pcm**2) / 10 ** (snr_db / 10))
            yield _with_sound(clip, clip.pcm + gain * noise)

    return make


def in_room(recordings: Sequence[Recording]) -> Iterator[Clip]:
    """Yield each recording as a microphone hears it from a metre away."""
    n_samples = round(ROOM_S * SAMPLE_RATE)
    decay = np.exp(-6.9 * np.arange(n_samples) / n_samples)
    for index, clip in enumerate(clean(recordings)):
        echo = decay * np.random.default_rng((SEED, index)).normal(size=n_samples)
        echo /= np.sqrt(np.sum(echo**2))
        echo[0] += DIRECT
        yield _with_sound(clip, _convolved(clip.pcm, echo))


def monologues(recordings: Sequence[Recording]) -> Iterator[Clip]:
    """Yield the recordings of each speaker, joined so that there is no pause between them."""
    yield from _joined(recordings, JOIN_S)


def with_pauses(recordings: Sequence[Recording]) -> Iterator[Clip]:
    """Yield the recordings of each speaker with long pauses between them."""
    yield from _joined(recordings, PAUSE_S)


def hesitant(recordings: Sequence[Recording]) -> Iterator[Clip]:
    """Yield each recording with a pause where it is quietest, at most a second from its middle."""
    for clip in clean(recordings):
        first, rest = halves(clip.pcm)
        pause = _room_tone(HESITATION_S)
        yield replace(clip, pcm=np.concatenate((first, pause, rest)))


def halves(pcm: Pcm) -> tuple[Pcm, Pcm]:
    """Cut a recording (n_samples,) where it is quietest, at most a second from its middle."""
    loudness = np.convolve(pcm**2, np.ones(round(STILL_S * SAMPLE_RATE)), "same")
    start = max(0, len(pcm) // 2 - SAMPLE_RATE)
    cut = start + int(np.argmin(loudness[start : len(pcm) // 2 + SAMPLE_RATE]))
    return pcm[:cut], pcm[cut:]


CONDITIONS: dict[str, Make] = {
    "clean": clean,
    "noise-10": in_noise(10),
    "noise-5": in_noise(5),
    "room": in_room,
    "monologue": monologues,
    "pauses": with_pauses,
    "hesitant": hesitant,
}


def pink_noise(n_samples: int, rng: np.random.Generator) -> Pcm:
    """Return noise (n_samples,) of power 1 whose power falls by 3 dB an octave."""
    spectrum = np.fft.rfft(rng.normal(size=n_samples))
    spectrum /= np.sqrt(np.arange(len(spectrum)) + 1.0)
    noise = np.fft.irfft(spectrum, n_samples)
    noise /= np.sqrt(np.mean(noise**2))
    return np.asarray(noise, np.float32)


def _joined(recordings: Sequence[Recording], pause_s: float) -> Iterator[Clip]:
    for (_, language), group in groupby(recordings, key=_speaker):
        parts: list[Recording] = []
        seconds = 0.0
        for recording in group:
            parts.append(recording)
            seconds += len(recording.pcm()) / SAMPLE_RATE + pause_s
            if seconds >= MONOLOGUE_S:
                yield _one(parts, language, pause_s)
                parts, seconds = [], 0.0
        if parts:
            yield _one(parts, language, pause_s)


def _one(recordings: Sequence[Recording], language: str, pause_s: float) -> Clip:
    pause = _room_tone(pause_s)
    sounds = [_without_ends(recording.pcm()) for recording in recordings]
    pcm = np.concatenate([part for sound in sounds for part in (sound, pause)])
    text = " ".join(recording.text for recording in recordings)
    return Clip(recordings[0].path.stem, text, language, pcm)


def _room_tone(seconds: float) -> Pcm:
    noise = np.random.default_rng(SEED).normal(size=round(seconds * SAMPLE_RATE))
    return (ROOM_TONE * noise).astype(np.float32)


def _speaker(recording: Recording) -> tuple[str, str]:
    """Return who speaks, as far as the names of files say, and the language."""
    return recording.path.stem.split("-")[0], recording.language


def _without_ends(pcm: Pcm) -> Pcm:
    first, last = _loud(pcm)
    speech: Pcm = pcm[first:last]
    return speech


def _loud(pcm: Pcm) -> tuple[int, int]:
    """Return the first sample that is not quiet, and the one behind the last."""
    loud = np.flatnonzero(np.abs(pcm) > QUIET * np.max(np.abs(pcm)))
    return int(loud[0]), int(loud[-1]) + 1


def _convolved(pcm: Pcm, response: NDArray[np.float64]) -> Pcm:
    n_points = 1 << (len(pcm) + len(response)).bit_length()
    spectrum = np.fft.rfft(pcm, n_points) * np.fft.rfft(response, n_points)
    sound: Pcm = np.fft.irfft(spectrum, n_points)[: len(pcm)].astype(np.float32)
    return sound


def _with_sound(clip: Clip, pcm: Pcm) -> Clip:
    """Return the clip with another sound, as loud as before."""
    gain = np.max(np.abs(clip.pcm)) / np.max(np.abs(pcm))
    return Clip(clip.name, clip.text, clip.language, (gain * pcm).astype(np.float32))
