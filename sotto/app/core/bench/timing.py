"""Timing something again and again."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """How often a thing is measured: until `budget_s` is spent, `least` to `most` times.

    `starts`: how many fresh processes are started for the time to the first result.
    """

    least: int
    most: int
    budget_s: float
    starts: int


# Thirty runs find a quiet moment on a busy machine; with all figures it takes half a minute.
THOROUGH = Effort(least=3, most=30, budget_s=0.7, starts=3)
QUICK = Effort(least=1, most=5, budget_s=0.1, starts=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of several runs. The least is what the machine can do, undisturbed."""

    min_ms: float
    median_ms: float
    runs: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Timing":
        """Summarise at least one run."""
        return cls(1e3 * min(seconds), 1e3 * statistics.median(seconds), len(seconds))


def seconds_of(action: Callable[[], object]) -> float:
    """Do it once and return how long that took."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def measure(action: Callable[[], object], effort: Effort, *, parts: int = 1) -> Timing:
    """Time an action.

    Args:
        action: What to do.
        effort: How often.
        parts: How many equal parts the action has, such as tokens; the timing is of one.
    """
    return gather(lambda: [seconds_of(action) / parts], effort)


def gather(sample: Callable[[], Sequence[float]], effort: Effort) -> Timing:
    """Summarise samples, each the seconds of some runs; the first, which warms up, is left out."""
    sample()
    ends = time.perf_counter() + effort.budget_s
    seconds: list[float] = []
    while len(seconds) < effort.least or (
        len(seconds) < effort.most and time.perf_counter() < ends
    ):
        seconds += sample()
    return Timing.of(seconds)
