"""Which part of a recording its waveform shows."""

from dataclasses import dataclass, replace
from typing import Self

SHORTEST_S = 2.0
"""The most that can be zoomed in: a word or three."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start_s` to `end_s` of a recording of `length_s`."""

    length_s: float
    start_s: float
    end_s: float

    @classmethod
    def whole(cls, length_s: float) -> Self:
        """Return all of a recording."""
        length_s = max(length_s, 0.1)
        return cls(length_s, 0.0, length_s)

    @property
    def width_s(self) -> float:
        """How much is shown."""
        return self.end_s - self.start_s

    @property
    def is_whole(self) -> bool:
        """Whether all is shown."""
        return self.width_s >= self.length_s

    def zoomed(self, factor: float, around_s: float) -> Self:
        """Show `factor` times as much; `around_s` stays where it is."""
        width_s = min(max(self.width_s * factor, min(SHORTEST_S, self.length_s)), self.length_s)
        share = (around_s - self.start_s) / self.width_s
        return self._at(around_s - share * width_s, width_s)

    def moved(self, by_s: float) -> Self:
        """Show what comes so much later."""
        return self._at(self.start_s + by_s, self.width_s)

    def showing(self, place_s: float) -> Self:
        """Return the span itself if it shows a place, else one that begins a little before it."""
        if self.start_s <= place_s <= self.end_s:
            return self
        return self._at(place_s - 0.1 * self.width_s, self.width_s)

    def x_of(self, place_s: float, n_pixels: float) -> float:
        """Return where a place is drawn."""
        return (place_s - self.start_s) / self.width_s * n_pixels

    def place_of(self, x: float, n_pixels: float) -> float:
        """Return the place that is drawn at `x`, within the recording."""
        place_s = self.start_s + x / max(1.0, n_pixels) * self.width_s
        return min(max(0.0, place_s), self.length_s)

    def _at(self, start_s: float, width_s: float) -> Self:
        start_s = min(max(0.0, start_s), self.length_s - width_s)
        return replace(self, start_s=start_s, end_s=start_s + width_s)
