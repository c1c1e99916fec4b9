"""espeak-ng, through its C library, which tells when each word begins."""

import ctypes
import ctypes.util
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.starter.voices.speech import Speech, SynthesisError, finish

# speak_lib.h of espeak-ng 1.51.
SYNCHRONOUS = 2
CHARACTERS, UTF_8 = 1, 1
RATE, PITCH, PITCH_RANGE = 1, 3, 4
LIST_TERMINATED, WORD, SENTENCE_END, MESSAGE_TERMINATED = 0, 1, 5, 6


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """An accent such as "en-us", a variant such as "f2", words a minute, pitch 0..99."""

    accent: str
    variant: str
    speed: int
    pitch: int
    pitch_range: int

    def __str__(self) -> str:
        return f"espeak-{self.accent}" + (f"+{self.variant}" if self.variant else "")


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class Espeak:
    """The library, opened once; not to be used by two threads."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self._rate = self._library.espeak_Initialize(SYNCHRONOUS, 0, None, 0)
        self._samples: list[NDArray[np.int16]] = []
        self._words: list[tuple[int, int]] = []  # (character, sample) where each word begins
        self._ends: list[int] = []  # samples at which clauses end
        self._callback = _Callback(self._hear)
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, voice: EspeakVoice, text: str) -> Speech:
        """Speak an ASCII text. Raises SynthesisError."""
        self._samples, self._words, self._ends = [], [], []
        name = voice.accent + (f"+{voice.variant}" if voice.variant else "")
        if self._library.espeak_SetVoiceByName(name.encode()) != 0:
            raise SynthesisError(f"espeak-ng has no voice {name}")
        for parameter, value in (
            (RATE, voice.speed),
            (PITCH, voice.pitch),
            (PITCH_RANGE, voice.pitch_range),
        ):
            self._library.espeak_SetParameter(parameter, value, 0)
        encoded = text.encode("ascii") + b"\0"
        self._library.espeak_Synth(encoded, len(encoded), 0, CHARACTERS, 0, UTF_8, None, None)
        return self._speech(text)

    def _hear(self, samples: object, n_samples: int, events: object) -> int:
        if samples and n_samples:
            self._samples.append(np.ctypeslib.as_array(samples, (n_samples,)).copy())
        for event in iter(events):  # type: ignore[call-overload]
            if event.type == LIST_TERMINATED:
                break
            if event.type == WORD:
                self._words.append((event.text_position - 1, event.sample))
            elif event.type in {SENTENCE_END, MESSAGE_TERMINATED}:
                self._ends.append(event.sample)
        return 0

    def _speech(self, text: str) -> Speech:
        if not self._samples:
            raise SynthesisError(text)
        words = tuple(text.split())
        samples = np.concatenate(self._samples).astype(np.float32) / np.float32(32768)
        starts = _first_of_each(words, self._words)
        if starts.max() >= len(samples):
            raise SynthesisError(f"{text}: its last words are silent")
        boundaries = sorted({*starts.tolist(), *self._ends, len(samples)})
        ends = np.array([boundaries[bisect_right(boundaries, start)] for start in starts[:-1]])
        ends = np.append(ends, len(samples))
        return finish(samples, self._rate, words, starts / self._rate, ends / self._rate)


def _first_of_each(words: tuple[str, ...], events: list[tuple[int, int]]) -> NDArray[np.float64]:
    """Return the sample at which each word of the text begins.

    espeak-ng splits "forty-two" in two and joins "of the" in one; a word without an event of its
    own begins half-way between its neighbours.
    """
    characters = list(accumulate((len(word) + 1 for word in words[:-1]), initial=0))
    starts = np.full(len(words), np.nan)
    for character, sample in reversed(events):
        starts[bisect_right(characters, character) - 1] = sample
    known = np.flatnonzero(~np.isnan(starts))
    if not len(known):
        raise SynthesisError(" ".join(words))
    return np.asarray(np.interp(np.arange(len(words)), known, starts[known]), np.float64)


@cache
def accents() -> list[str]:
    """Return espeak-ng's English accents; "en" is that of Great Britain."""
    return [
        *("en-us", "en", "en-gb-x-rp", "en-gb-scotland"),
        *("en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029"),
    ]


@cache
def variants() -> list[str]:
    """Return the names of espeak-ng's variants, sorted, without those that do not speak clearly."""
    folders = Path("/usr/lib").glob("*/espeak-ng-data/voices/!v")
    return sorted(
        path.name for folder in folders for path in folder.iterdir() if path.name not in UNCLEAR
    )


UNCLEAR = {"whisper", "whisperf", "croak", "fast_test"}  # no voice, or broken on purpose
