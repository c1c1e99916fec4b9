"""Passages: stretches of speech that know when each of their words is said."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.starter.augment import AugmentationSettings, warp_time
from tools.starter.corpus import FULL_SCALE, Clip
from tools.starter.voices.speech import SAMPLE_RATE

HEARD_S = 0.05  # of a word's end that may be cut off without the word being lost
FADE_S = 0.005  # where sound is cut, so that the cut does not click


@dataclass(frozen=True, slots=True)
class Passage:
    """Speech and its words.

    Attributes:
        pcm: (n_samples,), 16 kHz.
        words: What is said.
        starts_s: (n_words,), when each word begins, in seconds.
        ends_s: (n_words,), when each ends.
    """

    pcm: NDArray[np.float32]
    words: tuple[str, ...]
    starts_s: NDArray[np.float64]
    ends_s: NDArray[np.float64]

    @property
    def duration_s(self) -> float:
        return len(self.pcm) / SAMPLE_RATE

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @classmethod
    def of(cls, clip: Clip) -> "Passage":
        pcm = clip.sound.astype(np.float32) / np.float32(FULL_SCALE)
        return cls(pcm, clip.words, clip.starts_s, clip.ends_s)

    def until(self, end_s: float) -> "Passage":
        """Return what a window holds that ends in the middle of it, and the words heard in it."""
        n = int(np.searchsorted(self.ends_s, end_s + HEARD_S, side="right"))
        pcm = self.pcm[: round(end_s * SAMPLE_RATE)]
        ends_s = np.minimum(self.ends_s[:n], end_s)
        return Passage(pcm, self.words[:n], self.starts_s[:n], ends_s)

    def split(self, n: int) -> tuple["Passage", "Passage"]:
        """Return the first n words and the rest, of which there must be some."""
        at_s = (self.ends_s[n - 1] + self.starts_s[n]) / 2
        at = round(at_s * SAMPLE_RATE)
        head = Passage(_faded(self.pcm[:at]), self.words[:n], self.starts_s[:n], self.ends_s[:n])
        starts_s = np.maximum(self.starts_s[n:] - at_s, 0)
        tail = Passage(_faded(self.pcm[at:]), self.words[n:], starts_s, self.ends_s[n:] - at_s)
        return head, tail

    def then(self, other: "Passage", pause_s: float) -> "Passage":
        """Return this, a silence, and the other."""
        silence = np.zeros(round(pause_s * SAMPLE_RATE), np.float32)
        offset_s = (len(self.pcm) + len(silence)) / SAMPLE_RATE
        return Passage(
            np.concatenate([self.pcm, silence, other.pcm]),
            self.words + other.words,
            np.concatenate([self.starts_s, other.starts_s + offset_s]),
            np.concatenate([self.ends_s, other.ends_s + offset_s]),
        )

    def warped(self, settings: AugmentationSettings, rng: np.random.Generator) -> "Passage":
        """Return it said in another rhythm and with another pitch."""
        pcm, warp = warp_time(self.pcm, settings, rng)
        return Passage(pcm, self.words, warp(self.starts_s), warp(self.ends_s))


def _faded(pcm: NDArray[np.float32]) -> NDArray[np.float32]:
    n = min(round(FADE_S * SAMPLE_RATE), len(pcm) // 2)
    faded = pcm.copy()
    ramp = np.linspace(0, 1, n, dtype=np.float32)
    faded[:n] *= ramp
    faded[len(pcm) - n :] *= ramp[::-1]
    return faded
