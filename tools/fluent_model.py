"""A model of random weights that speaks as steadily as a trained one.

All of its arithmetic is done, and then its logits are replaced: it says one word after another of a
fixed list, as many as the sound that it was given has room for. So the cost of live dictation can
be measured on official shapes without their weights.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sotto.inference.dimensions import FRAMES_PER_SECOND
from sotto.inference.interfaces import Array, Audio, Cache, Checkpoint, Step, Window
from sotto.inference.model.whisper_model import WhisperModel

WORDS_PER_S = 3.0
"""Of people who dictate quickly."""
CERTAIN, IMPOSSIBLE = 10.0, -1e4


class FluentModel:
    """A `Model` around a real one. Owned by one thread at a time."""

    def __init__(self, model: WhisperModel) -> None:
        self._model = model
        tokenizer = model.checkpoint.tokenizer
        texts = ((token, tokenizer.decode([token])) for token in range(tokenizer.eot))
        self._words = [t for t, text in texts if text[:1] == " " and text[1:].isalpha()]
        self._after = dict(zip(self._words, self._words[1:], strict=False))
        self._eot = tokenizer.eot
        self._room = 0

    @property
    def checkpoint(self) -> Checkpoint:
        return self._model.checkpoint

    @property
    def threads(self) -> int:
        return self._model.threads

    @threads.setter
    def threads(self, threads: int) -> None:
        self._model.threads = threads

    def log_mel(self, pcm: Array, starts: NDArray[np.int32] | None = None) -> Array:
        return self._model.log_mel(pcm, starts)

    def encode(self, mel: Array) -> Audio:
        self._listen(mel)
        return self._model.encode(mel)

    def new_window(self) -> Window:
        return self._model.new_window()

    def encode_into(self, window: Window, mel: Array, first: int, end: int) -> Audio:
        self._listen(mel)
        return self._model.encode_into(window, mel, first, end)

    def _listen(self, mel: Array) -> None:
        loud = np.flatnonzero((mel > mel.min()).any(axis=1))
        held_s = (loud[-1] + 1) / FRAMES_PER_SECOND if len(loud) else 0.0
        self._room = int(held_s * WORDS_PER_S)

    def new_cache(self, *, traced: bool = False) -> Cache:
        return self._model.new_cache(traced=traced)

    def decode(
        self,
        tokens: Sequence[int],
        cache: Cache,
        audio: Audio,
        *,
        rows: Sequence[int] | None = None,
    ) -> Array:
        before = list(cache.tokens)
        wanted = [len(tokens) - 1] if rows is None else rows
        logits = self._model.decode(tokens, cache, audio, rows=rows)
        logits[:] = IMPOSSIBLE
        for row, index in zip(logits, wanted, strict=True):
            row[self._next([*before, *tokens[: index + 1]])] = CERTAIN
        return logits

    def decode_together(self, steps: Sequence[Step]) -> list[Array]:
        return [self.decode(s.tokens, s.cache, s.audio, rows=s.rows) for s in steps]

    def token_starts(self, scores: Array, rows: range, n_positions: int) -> Sequence[int]:
        return self._model.token_starts(scores, rows, n_positions)

    def _next(self, tokens: Sequence[int]) -> int:
        said = [token for token in tokens if token < self._eot]
        if len(said) >= self._room:
            return self._eot
        return self._after.get(said[-1], self._eot) if said else self._words[0]
