"""Samples that another program gives, block by block, as a source."""

from collections.abc import Iterable, Iterator

import numpy as np

from sotto.audio.input.source import Loss, Pcm


class SampleSource:
    """Reads blocks of samples when they are asked for (see `sotto.audio.input.source.Source`).

    Owned by the engine thread, which waits where the iterable does.

    Args:
        blocks: float32 (n_samples,) each, 16 kHz, [-1, 1].
    """

    def __init__(self, blocks: Iterable[Pcm]) -> None:
        self._given = blocks
        self._blocks: Iterator[Pcm] = iter(())
        self._exhausted = False

    @property
    def name(self) -> str:
        """What it is."""
        return "samples"

    @property
    def exhausted(self) -> bool:
        """Whether every block was read."""
        return self._exhausted

    @property
    def is_away(self) -> bool:
        """Never. See `Source.is_away`."""
        return False

    def open(self) -> None:
        """Begin. See `Source.open`."""
        self._blocks = iter(self._given)

    def read(self) -> Pcm:
        """Return the next block.

        Raises:
            ValueError: It holds samples of another kind.
        """
        for block in self._blocks:
            return checked(block)
        self._exhausted = True
        return np.zeros(0, np.float32)

    def losses(self) -> list[Loss]:
        """Return nothing: none are lost."""
        return []

    def close(self) -> None:
        """Take no further block. Idempotent."""
        self._blocks = iter(())


def checked(samples: Pcm) -> Pcm:
    """Return samples as they are.

    Raises:
        ValueError: They are not float32 (n_samples,).
    """
    if not isinstance(samples, np.ndarray) or samples.dtype != np.float32:
        kind = getattr(samples, "dtype", type(samples).__name__)
        raise ValueError(f"samples must be float32 in [-1, 1], not {kind}; convert them")
    if samples.ndim != 1:
        raise ValueError(f"samples must be (n_samples,), not {samples.shape}; give one channel")
    return samples
