"""Is a voice that was heard speech? Silero's network knows it from typing, hum, music and breath.

WebRTC's detector tells sound from silence for next to nothing, but takes all of these for voices.
Silero VAD (https://github.com/snakers4/silero-vad) takes several times as long, so it is asked only
where WebRTC hears a voice.
"""

from collections import deque
from typing import NamedTuple

import numpy as np

from sotto.audio.input.source import Pcm
from sotto.audio.speech.silero import CHUNK_SAMPLES, Array, Silero

RUN_UP = 6
"""Chunks before the first in which a voice may be, from which Silero gets its bearings; 0.2 s."""
HOLD = 12
"""Chunks for which speech goes on after the last that sounded like it; 0.4 s. The echo of a hall
and a soft end of a word are no pause yet."""

BEGINS = 0.5
"""Silero's own threshold. Hum, horns, typing, breath, dogs and babble stay below it."""
GOES_ON = 0.15
"""So much less is enough for speech that has begun, by its own programs."""
LEAST = 0.01
"""But no less than this: Silero is never surer of silence."""


class SpeechJudge:
    """Tells frame by frame whether what is heard is speech. Owned by the engine thread.

    Args:
        begins: the probability from which on it is.
    """

    def __init__(self, begins: float = BEGINS) -> None:
        self._begins = begins
        self._goes_on = max(begins - GOES_ON, LEAST)
        self._silero = Silero()
        self._frames: list[Pcm] = []  # of the chunk that is not complete
        self._n_samples = 0
        self._may_be_voiced = False  # any of them
        self._ahead: deque[Array] = deque()  # what Silero's network makes of the next chunks
        self._unheard: deque[_Chunk] = deque(maxlen=RUN_UP)  # that Silero was not asked about
        self._n_left = 0  # chunks for which speech goes on

    def is_speech(self, frame: Pcm, may_be_voiced: bool) -> bool:
        """Tell whether speech is heard now.

        Args:
            frame: the next samples (n,), 16 kHz, at most `CHUNK_SAMPLES`.
            may_be_voiced: whether there may be a voice in them.

        Returns:
            The answer for the last 32 ms that are complete.
        """
        self._may_be_voiced |= may_be_voiced
        self._frames.append(frame)
        self._n_samples += len(frame)
        if self._n_samples >= CHUNK_SAMPLES:
            sound = np.concatenate(self._frames)
            self._hear(sound[:CHUNK_SAMPLES])
            self._frames, self._n_samples = [sound[CHUNK_SAMPLES:]], len(sound) - CHUNK_SAMPLES
            self._may_be_voiced = may_be_voiced
        return self._n_left > 0

    def look_ahead(self, pcm: Pcm) -> None:
        """Take samples (n,) that will be heard next, whole chunks but for the last of them.

        Together they cost a fraction; where nobody speaks it is for nothing, so only those do it
        who have a recording.
        """
        chunks = pcm[: len(pcm) // CHUNK_SAMPLES * CHUNK_SAMPLES].reshape(-1, CHUNK_SAMPLES)
        self._ahead.extend(self._silero.encode(chunks))

    def _hear(self, pcm: Pcm) -> None:
        chunk = _Chunk(pcm, self._ahead.popleft() if self._ahead else None)
        self._n_left = max(0, self._n_left - 1)
        if not self._may_be_voiced:
            self._unheard.append(chunk)
            return
        if len(self._unheard) == RUN_UP:
            self._silero.reset()  # what it remembers is long ago
        while self._unheard:
            self._ask(self._unheard.popleft())
        if self._ask(chunk) >= (self._goes_on if self._n_left else self._begins):
            self._n_left = HOLD

    def _ask(self, chunk: "_Chunk") -> float:
        encoded = chunk.encoded
        if encoded is None:
            (encoded,) = self._silero.encode(chunk.pcm[np.newaxis])
        return self._silero.probability(encoded)


class _Chunk(NamedTuple):
    """Samples, and what Silero's network makes of them if that is known."""

    pcm: Pcm
    encoded: Array | None
