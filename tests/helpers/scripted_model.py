"""A model that says what a test wants it to say, whatever it hears."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.dimensions import HOP_LENGTH, N_FRAMES
from sotto.inference.interfaces import (
    Array,
    Audio,
    Cache,
    Checkpoint,
    GenerationRules,
    Step,
    Window,
)
from tools.fixtures.random_checkpoint import STARTER

# (window, tokens so far) to the logits of the next token; tokens that are not in it get FLOOR.
Script = Callable[[int, Sequence[int]], Mapping[int, float]]
FLOOR = -30.0
N_CTX = 1500


@dataclass(frozen=True, slots=True)
class ScriptedAudio:
    """`window` counts the calls of `encode`."""

    n_ctx: int
    window: int


class TokenCache:
    """Remembers tokens in place of keys and values."""

    def __init__(self, tokens: Sequence[int] = ()) -> None:
        self.tokens = list(tokens)

    @property
    def length(self) -> int:
        return len(self.tokens)

    @property
    def capacity(self) -> int:
        return scripted_checkpoint(GenerationRules()).dimensions.n_text_ctx

    @property
    def scores(self) -> Array:
        """Each token looks a little later than the one before it."""
        positions = np.arange(N_CTX)
        centres = np.linspace(0, N_CTX / 4, self.length)
        return np.asarray(-np.abs(positions - centres[:, np.newaxis])[np.newaxis], np.float32)

    def crop(self, length: int) -> None:
        assert 0 <= length <= self.length
        del self.tokens[length:]

    def fork(self, spare: Self | None = None) -> Self:
        if spare is None:
            return type(self)(self.tokens)
        spare.tokens = self.tokens.copy()
        return spare


@dataclass
class ScriptedWindow:
    """Positions that are encoded."""

    n_ctx: int = 0


class ScriptedModel:
    """A `Model` of the tokenizer of the model in the box, padded to 30 s like stock weights.

    Sessions hear shorter windows first, of as many frames as `n_frames` has.
    """

    def __init__(
        self,
        script: Script,
        *,
        rules: GenerationRules | None = None,
        n_frames: Collection[int] = (),
    ) -> None:
        self._script = script
        self._checkpoint = scripted_checkpoint(rules or GenerationRules())
        self._n_frames = n_frames
        self.threads = 0
        self.n_windows = 0
        self.n_caches = 0

    @property
    def checkpoint(self) -> Checkpoint:
        return self._checkpoint

    def log_mel(self, pcm: Array, starts: NDArray[np.int32] | None = None) -> Array:
        n_frames = len(pcm) // HOP_LENGTH if starts is None else len(starts)
        return np.zeros((n_frames, 80), np.float32)

    def encode(self, mel: Array) -> ScriptedAudio:
        assert mel.shape[0] in {*self._n_frames, N_FRAMES}
        assert mel.shape[1] == 80
        self.n_windows += 1
        return ScriptedAudio(N_CTX, self.n_windows - 1)

    def new_window(self) -> "ScriptedWindow":
        return ScriptedWindow()

    def encode_into(self, window: Window, mel: Array, first: int, end: int) -> ScriptedAudio:
        """Encode all of it."""
        assert isinstance(window, ScriptedWindow)
        assert 0 <= first < end <= len(mel) // 2
        window.n_ctx = len(mel) // 2
        return self.encode(mel)

    def new_cache(self, *, traced: bool = False) -> TokenCache:  # noqa: ARG002 (protocol)
        self.n_caches += 1
        return TokenCache()

    def decode(
        self,
        tokens: Sequence[int],
        cache: Cache,
        audio: Audio,
        *,
        rows: Sequence[int] | None = None,
    ) -> Array:
        assert isinstance(cache, TokenCache)
        assert isinstance(audio, ScriptedAudio)
        start = cache.length
        cache.tokens += tokens
        assert cache.length <= self._checkpoint.dimensions.n_text_ctx
        wanted = [len(tokens) - 1] if rows is None else rows
        return np.stack([self._logits(audio, cache.tokens[: start + row + 1]) for row in wanted])

    def decode_together(self, steps: Sequence[Step]) -> list[Array]:
        return [self.decode(s.tokens, s.cache, s.audio, rows=s.rows) for s in steps]

    def token_starts(self, scores: Array, rows: range, n_positions: int) -> Sequence[int]:
        """Each token begins where it looks."""
        looks: list[int] = (
            scores.mean(axis=0)[rows.start : rows.stop, :n_positions].argmax(axis=1).tolist()
        )
        return looks

    def _logits(self, audio: ScriptedAudio, tokens: Sequence[int]) -> Array:
        logits = np.full(self._checkpoint.dimensions.n_vocab, FLOOR, np.float32)
        for token, logit in self._script(audio.window, tokens).items():
            logits[token] = logit
        return logits


@cache
def _starter() -> Checkpoint:
    return load_checkpoint(STARTER)


def scripted_checkpoint(rules: GenerationRules) -> Checkpoint:
    return replace(_starter(), name="scripted", rules=rules, native_short_window=False)
