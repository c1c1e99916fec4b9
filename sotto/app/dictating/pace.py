"""How often partial texts are decoded, and how far they are behind."""

from dataclasses import dataclass

from sotto.app.core.events import Lag


@dataclass(frozen=True, slots=True)
class PaceSettings:
    """The cadence of partial texts."""

    # Sooner, a CPU does the same work over and over; 0.24 s costs a third more and gains 0.04 s.
    step_s: float = 0.3
    # Leaves a third of the time to the rest of the machine.
    compute_factor: float = 1.5


class Pace:
    """Says when the next partial is due. Owned by the engine thread.

    The step is measured in audio. When decoding is slow it stretches, so that one decode takes
    all that has arrived meanwhile: partials are merged, never queued.
    """

    def __init__(self, settings: PaceSettings) -> None:
        self._settings = settings
        self._step_s = settings.step_s

    def decoded(self, compute_s: float) -> None:
        """Note how long the newest partial took."""
        self._step_s = max(self._settings.step_s, self._settings.compute_factor * compute_s)

    def is_due(self, undecoded_s: float) -> bool:
        """Whether so much audio waits that it is time for a partial."""
        return undecoded_s >= self._step_s - 1e-6  # sums of 20 ms are not exact in binary


class LagMeter:
    """Measures lag and real-time factor of one utterance. Owned by the engine thread."""

    def __init__(self) -> None:
        self._compute_s = 0.0

    def measure(self, *, compute_s: float, decoded_s: float, lag_s: float) -> Lag:
        """Note a decode.

        Args:
            compute_s: how long it took.
            decoded_s: seconds of the utterance that have been decoded so far.
            lag_s: how old the newest sample in the text is now.
        """
        self._compute_s += compute_s
        return Lag(lag_s, self._compute_s / max(decoded_s, 1e-3))


class Throttle:
    """Lets something happen at most every `interval_s`. Owned by the engine thread."""

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._next = float("-inf")

    def passes(self, now: float) -> bool:
        """Whether enough time has passed since the last time it did."""
        if now < self._next:
            return False
        self._next = now + self._interval_s
        return True
