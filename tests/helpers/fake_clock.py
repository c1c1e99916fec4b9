"""Time that passes only when it is told to."""


class FakeClock:
    """A `Clock` whose `sleep` returns at once. Any thread may let time pass, one at a time."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds
