"""The values that pass between checkpoint, model and decoding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.tokenizer import Tokenizer

Array = NDArray[np.float32]

MAX_BEAM_SIZE = 100  # more find nothing better, and each has a cache of its own


class Sound(Protocol):
    """Samples (n,), 16 kHz, [-1, 1]: an array, or what gives stretches of it as arrays."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> Array: ...


@dataclass(frozen=True, slots=True)
class GenerationRules:
    """What a checkpoint's generation_config.json says about decoding.

    `suppress_tokens` and `begin_suppress_tokens` are token ids; None means that the checkpoint
    is silent and openai-whisper's own lists apply. `alignment_heads` are (layer, head) pairs
    whose cross attention follows time; None means all heads of the upper half of the layers.
    `num_beams` are searched while somebody speaks; files are transcribed as their options say.
    """

    suppress_tokens: tuple[int, ...] | None = None
    begin_suppress_tokens: tuple[int, ...] | None = None
    max_initial_timestamp_index: int | None = 50
    alignment_heads: tuple[tuple[int, int], ...] | None = None
    num_beams: int = 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model as read from disk, checked, not yet compiled.

    `weights` maps openai-whisper's parameter names (`encoder.blocks.0.attn.query.weight`) to
    float32 arrays of openai-whisper's shapes; reading an item may convert it.
    `native_short_window`: trained on windows of true length, so never padded to 30 s.
    """

    name: str
    path: Path
    dimensions: ModelDimensions
    weights: Mapping[str, Array]
    tokenizer: Tokenizer
    rules: GenerationRules
    native_short_window: bool


class Cache(Protocol):
    """Self-attention keys and values of one hypothesis over one encoded window."""

    @property
    def tokens(self) -> Sequence[int]:
        """The tokens whose keys and values are held."""
        ...

    @property
    def length(self) -> int:
        """Number of tokens whose keys and values are held."""
        ...

    @property
    def capacity(self) -> int:
        """Number of tokens that fit."""
        ...

    @property
    def scores(self) -> Array:
        """Cross-attention scores before softmax of all tokens held, (n_heads, length, n_ctx).

        One row of heads for each alignment head, none where the cache is not traced.
        """
        ...

    def crop(self, length: int) -> None:
        """Forget all tokens from position `length` on."""
        ...

    def fork(self, spare: Self | None = None) -> Self:
        """Return an independent copy.

        Args:
            spare: What becomes the copy, if there is one over that holds tokens of the same window.
                The tokens with which both begin stay where they are.
        """
        ...


class Audio(Protocol):
    """What the decoder needs of one encoded window: cross-attention keys and values."""

    @property
    def n_ctx(self) -> int:
        """Encoder positions, 20 ms each."""
        ...


class Window(Protocol):
    """A window whose positions are encoded a piece at a time, as audio comes.

    All positions attend to all others, as those were last encoded.
    """

    @property
    def n_ctx(self) -> int:
        """Positions that are encoded."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """Tokens to append to a cache; `rows` are those whose next-token logits are wanted.

    None: those of the last one.
    """

    tokens: Sequence[int]
    cache: Cache
    audio: Audio
    rows: Sequence[int] | None = None


class Model(Protocol):
    """A loaded Whisper model. Owned by one thread at a time.

    Attributes:
        threads: Most that `encode` and `decode` use from now on; 0: all there are.
    """

    threads: int

    @property
    def checkpoint(self) -> Checkpoint:
        """What it was loaded from."""
        ...

    def log_mel(self, pcm: Array, starts: NDArray[np.int32] | None = None) -> Array:
        """Return raw log10 mel (n_frames, n_mels) of pcm (n_samples,), before clamp and scaling.

        `starts` are the first samples of the frames wanted; None: `features.frame_starts` of all
        n_samples // 160 frames.
        """
        ...

    def encode(self, mel: Array) -> Audio:
        """Encode normalised mel (n_frames, n_mels), n_frames even, 20 to 3000."""
        ...

    def new_window(self) -> Window:
        """Return a window without positions."""
        ...

    def encode_into(self, window: Window, mel: Array, first: int, end: int) -> Audio:
        """Encode positions `first` to `end`, 20 ms each, of a window's mel (2 * n_ctx, n_mels).

        Returns:
            All of the window, until the next call changes it.

        Raises:
            ValueError: As `encode`, or another of its positions was never encoded.
        """
        ...

    def new_cache(self, *, traced: bool = False) -> Cache:
        """Return an empty cache; `traced`: it keeps the scores of the alignment heads."""
        ...

    def decode(
        self,
        tokens: Sequence[int],
        cache: Cache,
        audio: Audio,
        *,
        rows: Sequence[int] | None = None,
    ) -> Array:
        """Append tokens to the cache and return logits (len(rows), n_vocab).

        `rows` are indices into `tokens` whose next-token logits are wanted; None: the last one.
        """
        ...

    def decode_together(self, steps: Sequence[Step]) -> list[Array]:
        """Return what `decode` would of each step; the weights are read once for all of them.

        Each step has a cache of its own.
        """
        ...

    def token_starts(self, scores: Array, rows: range, n_positions: int) -> Sequence[int]:
        """Return at which encoder position each of some rows of tokens begins.

        openai-whisper's way: how much more than other tokens each one looks at a position, in the
        mean over heads, and the way through tokens and positions on which most is looked at.

        Args:
            scores: Cross-attention scores (n_heads, n_tokens, n_ctx) of a cache.
            rows: Tokens that follow one another, at least one; the first begins at 0.
            n_positions: Those that hold sound, at least one; the rest is padding.
        """
        ...
