"""The sound of a long recording in half of the memory that floats take."""

from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sotto.audio.files.spool import Spool
from sotto.audio.input.source import SAMPLE_RATE, Pcm

BLOCK = SAMPLE_RATE // 10
"""Samples with a scale of their own: what is quiet keeps its 16 bits beside what is loud."""
BLOCK_BYTES = 2 * BLOCK
FULL_SCALE = 2**15
HIGHEST = np.float32(FULL_SCALE - 1)
LEAST = np.float32(1e-30)
"""Below it is silence, and floats near their end cannot divide."""
AT_ONCE = 10 * BLOCK
"""Packed together, for files come in short blocks."""


class PackedSound:
    """Samples (n,), 16 kHz mono, [-1, 1], 16 bits each: a `Sound` that grows at its end.

    Block floating point, as broadcasters' NICAM. What a file of 16 bits holds comes back as it was;
    else the loudest sample of a tenth of a second is full scale, which leaves an error 96 dB
    below it. openai-whisper hears all files rounded to 16 bits of the loudest there can be. Long
    recordings lie on disk. Used by one thread at a time.
    """

    def __init__(self, pcm: Pcm | None = None) -> None:
        self._packed = Spool()
        self._scales = array("f")
        self._tail: list[Pcm] = []  # not yet packed
        self._n_tail = 0
        if pcm is not None:
            self.append(pcm)

    def append(self, pcm: Pcm) -> None:
        """Add samples (n,)."""
        self._tail.append(pcm)
        self._n_tail += len(pcm)
        if self._n_tail >= AT_ONCE:
            pcm = np.concatenate(self._tail)
            whole = len(pcm) - len(pcm) % BLOCK
            self._pack(pcm[:whole].reshape(-1, BLOCK))
            self._tail, self._n_tail = [pcm[whole:].copy()], len(pcm) - whole

    def _pack(self, blocks: Pcm) -> None:
        """Add blocks (n, BLOCK) to what is packed."""
        scales = _scales_of(blocks)
        self._packed.append(np.rint(blocks / scales[:, np.newaxis]).astype(np.int16).tobytes())
        self._scales.extend(scales.tolist())

    def __len__(self) -> int:
        return len(self._scales) * BLOCK + self._n_tail

    def __getitem__(self, part: slice, /) -> Pcm:
        """Return a stretch of it; its step is 1."""
        start, end, _ = part.indices(len(self))
        first, last = min(start // BLOCK, len(self._scales)), -(-end // BLOCK)
        scales = np.array(self._scales[first:last], np.float32)
        data = self._packed.read(first * BLOCK_BYTES, (first + len(scales)) * BLOCK_BYTES)
        blocks = np.frombuffer(data, np.int16).reshape(-1, BLOCK)
        pcm = (blocks * scales[:, np.newaxis]).reshape(-1)
        if end > len(self._scales) * BLOCK:
            pcm = np.concatenate([pcm, *self._tail])
        return pcm[start - first * BLOCK : max(start, end) - first * BLOCK]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Return all of it as numpy asks for arrays."""
        return np.asarray(self[:], dtype)


def _scales_of(blocks: Pcm) -> Pcm:
    """Return what 1 means in each of blocks (n, BLOCK)."""
    fine = blocks * np.float32(FULL_SCALE)
    is_exact = (fine == np.rint(fine)).all(axis=1) & (fine.max(axis=1) <= HIGHEST)
    loudest = np.abs(blocks).max(axis=1)
    scales: Pcm = np.where(is_exact, np.float32(1 / FULL_SCALE), loudest / HIGHEST)
    return np.maximum(scales, LEAST)
