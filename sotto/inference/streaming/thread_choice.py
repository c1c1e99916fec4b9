"""How many threads a decode of live speech is worth."""

ALL = 0
ONE = 1

QUICK_S = 0.12
"""A decode that takes no longer is not felt: a new one comes three times a second. Of base, two
threads make it no quicker where only what is new is encoded, and take a sixth more CPU."""
GAIN = 1.6
"""How much quicker two threads were than one where all of 2 to 10 s was encoded, on two cores."""


class ThreadChoice:
    """Chooses one thread for as long as that is quick. Owned by the engine thread.

    One thread waits for no other and lets none spin in wait of work. It leaves the other cores to
    other programs; where these keep them busy, a second thread would come late and make a decode
    slower, not quicker.
    """

    def __init__(self) -> None:
        self._alone_s = 0.0  # what the newest decode would have taken on one thread
        self._held_s = 0.0
        self._threads = ONE

    def choose(self, held_s: float) -> int:
        """Return the threads for a decode of `held_s` seconds of audio."""
        growth = max(1.0, held_s / self._held_s) if self._held_s else 1.0
        self._threads = ONE if self._alone_s * growth <= QUICK_S else ALL
        self._held_s = held_s
        return self._threads

    def observe(self, took_s: float) -> None:
        """Learn what the decode took that was last chosen for."""
        self._alone_s = took_s if self._threads == ONE else took_s * GAIN
