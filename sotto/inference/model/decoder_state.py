"""What the decoder reads and writes: an encoded window, and the cache of a sequence."""

import math
import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from max.driver import Buffer

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.interfaces import Array
from sotto.inference.prefix import n_shared


@dataclass(frozen=True, slots=True)
class EncodedAudio:
    """One window as the encoder left it, in MAX's memory.

    `states` are its hidden states (n_ctx, n_audio_state); `keys_values` what the decoder's
    layers make of them, (2 * n_text_layer * n_text_head, n_ctx, 64).
    """

    states: Buffer
    keys_values: Buffer

    @property
    def n_ctx(self) -> int:
        """Encoder positions, 20 ms each."""
        return int(self.states.shape[0])

    @property
    def address(self) -> int:
        """Where `keys_values` begin."""
        return int(self.keys_values._data_ptr())


class KeyValueCache:
    """Keys and values of the tokens so far, written in place by the decoder graph.

    Owned by one thread at a time. Cropping keeps the memory and moves the end. There is room for
    as many tokens as the model takes, but it is memory only once it is written.
    """

    def __init__(self, dims: ModelDimensions, heads: Sequence[tuple[int, int]] = ()) -> None:
        """Start without tokens.

        Args:
            dims: The model's.
            heads: (layer, head) pairs whose cross-attention scores are kept.
        """
        self.dims = dims
        self.heads = heads
        shape = (dims.n_text_layer, dims.n_text_ctx, dims.n_text_state)
        self._keys, self._values = _unwritten(shape), _unwritten(shape)
        # The decoder is told where the arrays are, which live as long as this object.
        self.addresses = address_of(self._keys), address_of(self._values)
        self._tokens: list[int] = []
        self._scores: list[Array] = []  # of each run, (n_heads, n_tokens, n_ctx)

    @property
    def tokens(self) -> Sequence[int]:
        """The tokens whose keys and values are held."""
        return tuple(self._tokens)

    @property
    def length(self) -> int:
        """Number of tokens whose keys and values are held."""
        return len(self._tokens)

    @property
    def scores(self) -> Array:
        """Cross-attention scores before softmax of all tokens held, (n_heads, length, n_ctx)."""
        return np.concatenate(self._scores, axis=1)

    @property
    def capacity(self) -> int:
        """Number of tokens that fit."""
        return self.dims.n_text_ctx

    def extend(self, tokens: Sequence[int], scores: Array) -> None:
        """Count `tokens` as held, whose keys and values the decoder has just written.

        `scores` (n_heads, len(tokens), n_ctx) are theirs.
        """
        self._tokens += tokens
        self._scores.append(scores)

    def crop(self, length: int) -> None:
        """Forget all tokens from position `length` on.

        Raises:
            ValueError: The cache holds fewer.
        """
        if not 0 <= length <= self.length:
            raise ValueError(f"cannot crop {self.length} tokens to {length}")
        if length < self.length:
            self._scores = [self.scores[:, :length]] if length else []
            del self._tokens[length:]

    def fork(self, spare: Self | None = None) -> Self:
        """See `Cache.fork`."""
        copy = type(self)(self.dims, self.heads) if spare is None else spare
        shared = n_shared(copy._tokens, self._tokens)
        copy._keys[:, shared : self.length] = self._keys[:, shared : self.length]
        copy._values[:, shared : self.length] = self._values[:, shared : self.length]
        copy._tokens = self._tokens.copy()
        copy._scores = self._scores.copy()
        return copy


def _unwritten(shape: Sequence[int]) -> Array:
    """Return an array whose pages come when they are written, small ones.

    numpy asks for huge pages, of which a few tokens in every layer would take all.
    """
    n_bytes = math.prod(shape) * np.dtype(np.float32).itemsize
    memory = mmap.mmap(-1, n_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):  # of Linux
        memory.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(memory, np.float32).reshape(shape)


def address_of(array: Array) -> int:
    """Return where the memory of an array begins."""
    return int(array.__array_interface__["data"][0])
