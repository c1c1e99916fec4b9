"""How long an answer may take before its process counts as hung."""

from dataclasses import dataclass

LOADING_S = 120.0
"""From one sign of life to the next while a model is loaded: reading it from a slow disk gives
none."""


@dataclass(frozen=True, slots=True)
class PatienceSettings:
    """Seconds, and times what passes took before. Machines are slow, and busy with other things.

    Attributes:
        least_s: given to every pass.
        unknown_s: given while nobody knows how fast this machine is.
        of_sound: times the sound that is held.
        of_partial: times the longest partial so far, for a partial.
        of_final: the same for a final, which is heard up to seven times, and in a longer window.
        least_grace_s: given to a pass that nobody wants any more.
        of_partial_as_grace: times the longest partial so far, for that.
    """

    least_s: float = 20.0
    unknown_s: float = 60.0
    of_sound: float = 2.0
    of_partial: float = 10.0
    of_final: float = 40.0
    least_grace_s: float = 3.0
    of_partial_as_grace: float = 5.0


class Patience:
    """Learns how fast the machine is. Owned by the engine thread; others may read."""

    def __init__(self, settings: PatienceSettings = PatienceSettings()) -> None:
        self._settings = settings
        self._longest_s = 0.0  # of the partials so far

    def observe(self, took_s: float, *, final: bool) -> None:
        """Take note of how long a pass took."""
        if not final:
            self._longest_s = max(self._longest_s, took_s)

    def seconds(self, held_s: float, *, final: bool) -> float:
        """Return how long a pass over so much sound may take."""
        settings = self._settings
        times = settings.of_final if final else settings.of_partial
        known_s = times * self._longest_s or settings.unknown_s
        return max(settings.least_s, settings.of_sound * held_s, known_s)

    @property
    def grace_s(self) -> float:
        """Seconds for a pass that nobody wants any more: to kill it costs a start."""
        settings = self._settings
        return max(settings.least_grace_s, settings.of_partial_as_grace * self._longest_s)
