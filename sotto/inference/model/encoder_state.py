"""What the encoder reads and writes where a window is encoded a piece at a time."""

from typing import Any

import numpy as np
from max.driver import Buffer
from numpy.typing import NDArray

from sotto.inference.dimensions import ModelDimensions
from sotto.inference.model.decoder_state import EncodedAudio, address_of


class GrowingWindow:
    """Keys and values of each layer of the encoder, and what it gave, of all positions so far.

    The encoder graph writes the keys and values in place. Owned by one thread at a time.
    """

    def __init__(self, dims: ModelDimensions) -> None:
        """Begin without positions; `dims` are the model's."""
        self.dims = dims
        shape = (dims.n_audio_layer, dims.n_audio_ctx, 2 * dims.n_audio_state)
        self._memory = np.empty(shape, np.float32)
        self.address = address_of(self._memory)
        self._states: NDArray[Any] | None = None  # (n_ctx, state)
        self._keys_values: NDArray[Any] | None = None  # (planes, n_ctx, 64)

    @property
    def n_ctx(self) -> int:
        """Positions that are encoded."""
        return 0 if self._states is None else len(self._states)

    def check(self, n_ctx: int, first: int, end: int) -> None:
        """Make sure that a window of `n_ctx` lacks no position but those from `first` to `end`.

        Raises:
            ValueError: It does, or there are none between.
        """
        if not 0 <= first < end <= n_ctx or first > self.n_ctx or end < n_ctx > self.n_ctx:
            raise ValueError(
                f"cannot encode positions {first} to {end} of {n_ctx}, {self.n_ctx} are there"
            )

    def take(self, n_ctx: int, first: int, piece: EncodedAudio, rows: slice) -> EncodedAudio:
        """Put some rows of what was encoded into the window, from position `first` on.

        Returns:
            All of the window.
        """
        states = piece.states.to_numpy()[rows]
        keys_values = piece.keys_values.to_numpy()[:, rows]
        self._states = _resized(self._states, n_ctx, states, axis=0)
        self._keys_values = _resized(self._keys_values, n_ctx, keys_values, axis=1)
        self._states[first : first + len(states)] = states
        self._keys_values[:, first : first + len(states)] = keys_values
        return EncodedAudio(Buffer.from_numpy(self._states), Buffer.from_numpy(self._keys_values))


def _resized(held: NDArray[Any] | None, length: int, like: NDArray[Any], axis: int) -> NDArray[Any]:
    """Return an array of a length along an axis that begins with what is held."""
    if held is not None and held.shape[axis] == length:
        return held
    shape = list(like.shape)
    shape[axis] = length
    resized = np.empty(shape, like.dtype)
    if held is not None:
        index = (slice(None),) * axis + (slice(min(length, held.shape[axis])),)
        resized[index] = held[index]
    return resized
