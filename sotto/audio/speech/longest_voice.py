"""How long is a voice heard without a break? Barks, coughs and ticks are voices only briefly."""

import numpy as np

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.speech.silero import CHUNK_SAMPLES, Silero
from sotto.audio.speech.speech_judge import BEGINS

CHUNK_S = CHUNK_SAMPLES / SAMPLE_RATE


class LongestVoice:
    """Measures the longest stretch in which Silero's network hears a voice. Owned by one thread.

    Args:
        enough_s: seconds from which on it does not matter for how much longer; then the network is
            asked no more.
    """

    def __init__(self, enough_s: float) -> None:
        self._enough = round(enough_s / CHUNK_S)
        self._silero = Silero()
        self.begin()

    def begin(self) -> None:
        """Forget what was heard."""
        self._silero.reset()
        self._rest = np.zeros(0, np.float32)  # samples that fill no chunk
        self._n_voiced = self._longest = 0  # chunks

    @property
    def seconds(self) -> float:
        """The longest stretch since `begin`, no longer than is enough."""
        return self._longest * CHUNK_S

    def append(self, pcm: Pcm) -> None:
        """Hear the next samples (n,), 16 kHz, [-1, 1]."""
        if self._longest >= self._enough:
            return
        sound = np.concatenate([self._rest, pcm])
        n_whole = len(sound) - len(sound) % CHUNK_SAMPLES
        self._rest = sound[n_whole:]
        chunks = sound[:n_whole].reshape(-1, CHUNK_SAMPLES)
        for encoded in self._silero.encode(chunks) if n_whole else ():
            is_voice = self._silero.probability(encoded) >= BEGINS
            self._n_voiced = self._n_voiced + 1 if is_voice else 0
            self._longest = min(self._enough, max(self._longest, self._n_voiced))
