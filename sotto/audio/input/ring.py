"""The ring buffer between the audio callback and the engine thread.

One thread writes, one thread reads, and neither ever waits for the other. `_written` and `_read`
only grow; the writer alone assigns the first, the reader alone the second. The writer copies the
frames *before* it advances `_written`, and the reader copies them out *before* it advances
`_read`, so a reader that sees an index also sees the frames under it, and a writer never
overwrites frames that are still being read.

Under CPython this order holds between threads: each of those steps is a bytecode of its own, a
thread runs bytecodes only while it holds the interpreter lock, and handing the lock over is a
full memory barrier. numpy may release the lock *during* a copy, but takes it again before the
copy returns, that is before the index is advanced.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.float32]  # (n_frames, n_channels)


@dataclass(frozen=True, slots=True)
class Overrun:
    """`n_frames` did not fit; they are missing before frame `position` of what was kept."""

    position: int
    n_frames: int


class RingBuffer:
    """A single-producer single-consumer queue of audio frames.

    `write` belongs to the audio callback, everything else to the engine thread.

    Args:
        capacity: frames that fit.
        n_channels: samples in a frame.
    """

    def __init__(self, capacity: int, n_channels: int = 1) -> None:
        if capacity < 1 or n_channels < 1:
            raise ValueError(f"a ring of {capacity} frames of {n_channels} samples holds nothing")
        self._frames = np.zeros((capacity, n_channels), np.float32)
        self._capacity = capacity
        self._written = 0  # the writer's
        self._lost = 0  # the writer's: frames lost since the last one that was kept
        self._overruns: deque[Overrun] = deque()  # append and popleft are atomic
        self._read = 0  # the reader's

    @property
    def n_written(self) -> int:
        """How many frames were kept so far."""
        return self._written

    def write(self, frames: Frames) -> None:
        """Copy frames (n, n_channels) in; what does not fit is counted and left out.

        Never blocks, locks, or allocates memory for audio. Only an overrun creates an object.
        """
        n_kept = min(len(frames), self._capacity - (self._written - self._read))
        if n_kept and self._lost:
            self._overruns.append(Overrun(self._written, self._lost))
            self._lost = 0
        start = self._written % self._capacity
        n_to_edge = min(n_kept, self._capacity - start)
        self._frames[start : start + n_to_edge] = frames[:n_to_edge]
        self._frames[: n_kept - n_to_edge] = frames[n_to_edge:n_kept]
        self._written += n_kept
        self._lost += len(frames) - n_kept

    def read(self) -> Frames:
        """Return a copy of all frames that were written since the last call; possibly none."""
        written, start = self._written, self._read % self._capacity
        n_frames = written - self._read
        n_to_edge = min(n_frames, self._capacity - start)
        frames = np.concatenate(
            (self._frames[start : start + n_to_edge], self._frames[: n_frames - n_to_edge])
        )
        self._read = written
        return frames

    def overruns(self) -> list[Overrun]:
        """Return the losses since the last call that are followed by frames again."""
        return [self._overruns.popleft() for _ in range(len(self._overruns))]

    def finish(self) -> list[Overrun]:
        """Return the remaining losses, once nothing will be written any more."""
        overruns = self.overruns()
        if self._lost:
            overruns.append(Overrun(self._written, self._lost))
            self._lost = 0
        return overruns
