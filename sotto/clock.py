"""Time as a value that can be replaced, so that streaming is tested without waiting."""

import time
from typing import Protocol


class Clock(Protocol):
    """Seconds that only go forward."""

    def now(self) -> float:
        """Return seconds since an arbitrary start."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        ...


class SystemClock:
    """The machine's monotonic clock. On Linux it stands still while the machine sleeps."""

    def now(self) -> float:
        """Return seconds since an arbitrary start."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block the calling thread for `seconds`."""
        time.sleep(seconds)


class SleeplessClock(SystemClock):
    """The same, but it goes on while the machine sleeps."""

    def now(self) -> float:
        """Return seconds since an arbitrary start."""
        boot = getattr(time, "CLOCK_BOOTTIME", None)  # Linux; other systems' clocks go on anyway
        return time.monotonic() if boot is None else time.clock_gettime(boot)
