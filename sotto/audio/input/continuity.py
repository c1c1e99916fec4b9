"""Where sound is missing, told from when its blocks arrive.

A process that was stopped, a machine that slept, a sound server that stumbled: none of them says
that samples are missing, or how many. But a device gives so many a second, so blocks that stay late
tell what is gone. Blocks that are late and then catch up were only kept waiting.
"""

import math
from dataclasses import dataclass

# Later than this is suspicious; busy machines are late by less nearly always.
STALL_S = 0.25
# So long a stall is watched: what waited in buffers has come by then.
SETTLE_S = 0.5
# Less is jitter of arrival, unless the device itself says that it lost something.
LEAST_S = 0.15
_CAUGHT_UP_S = 0.05
# Clocks of devices differ from the machine's by some 100 millionths.
_DRIFT = 0.001


@dataclass(frozen=True, slots=True)
class Missing:
    """`seconds` of sound are missing before frame `position`; 0 where nobody can say how many."""

    position: int
    seconds: float


class Continuity:
    """Compares the times at which blocks arrive with the frames in them. Owned by one thread.

    Args:
        rate: frames a second.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._usual = math.inf  # how late the most punctual blocks are, against an arbitrary clock
        self._at_s = 0.0  # when the newest block came
        self._stall: int | None = None  # before this frame something may be missing
        self._stalled_at_s = 0.0
        self._least = math.inf  # how late the most punctual block was since then
        self._is_certain = False  # the device said so itself

    @property
    def stall(self) -> int | None:
        """The frame before which something may be missing: that is known soon; None usually."""
        return self._stall

    def arrive(self, kept: int, n_given: int, at_s: float, *, overflow: bool) -> Missing | None:
        """Take note of a block; return what is missing once that is known.

        Args:
            kept: frames that were kept before it.
            n_given: frames that the device gave so far, the block included.
            at_s: when it came, on a clock that goes on while the machine sleeps.
            overflow: whether the device says that it lost something before the block.
        """
        late = at_s - n_given / self._rate
        self._usual += _DRIFT * min(max(0.0, at_s - self._at_s), STALL_S)
        self._at_s = at_s
        if self._stall is None and (overflow or late - self._usual > STALL_S):
            self._stall, self._stalled_at_s, self._least = kept, at_s, math.inf
        if self._stall is None:
            self._usual = min(self._usual, late)
            return None
        self._is_certain |= overflow
        self._least = min(self._least, late)
        has_caught_up = self._least - self._usual < _CAUGHT_UP_S and not self._is_certain
        if has_caught_up or at_s - self._stalled_at_s >= SETTLE_S:
            return self.settle()
        return None

    def settle(self) -> Missing | None:
        """Wait no longer, as when no further block will come; return what is missing."""
        if self._stall is None:
            return None
        position, self._stall = self._stall, None
        seconds, self._usual = self._least - self._usual, self._least
        is_certain, self._is_certain = self._is_certain, False
        if seconds >= LEAST_S:
            return Missing(position, seconds)
        return Missing(position, 0.0) if is_certain else None
