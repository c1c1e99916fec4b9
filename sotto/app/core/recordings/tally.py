"""How the work on many recordings went, in a line."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Counts recordings; owned by who works on them.

    Attributes:
        n_done: Their texts are where they were asked for.
        n_failed: Something of the sound or of the texts is missing.
        n_skipped: The texts were there already.
        n_left: Nobody came to them.
        sound_s: Sound of those that were heard.
        work_s: The time that it took.
    """

    n_done: int = 0
    n_failed: int = 0
    n_skipped: int = 0
    n_left: int = 0
    sound_s: float = field(default=0.0)
    work_s: float = field(default=0.0)

    @property
    def n_all(self) -> int:
        """All of them."""
        return self.n_done + self.n_failed + self.n_skipped + self.n_left

    def summary(self) -> str:
        """Return the line."""
        counts = (
            (self.n_done, "done"),
            (self.n_failed, "with faults (above)"),
            (self.n_skipped, "whose texts are there already"),
            (self.n_left, "left for --skip-existing"),
        )
        told = ", ".join(f"{n} {what}" for n, what in counts if n) or "none"
        return f"{told}{pace(self.sound_s, self.work_s, before='; ')}"


def pace(sound_s: float, work_s: float, before: str = "") -> str:
    """Return how much sound was heard in which time; nothing if there was none."""
    if sound_s <= 0 or work_s <= 0:
        return ""
    times = f"{sound_s / work_s:.3g}"
    return (
        f"{before}{spoken_time(sound_s)} of sound in {spoken_time(work_s)}, {times} times real time"
    )


def spoken_time(seconds: float) -> str:
    """Return a time as one reads it: 3.2 s, 4 min 5 s, 2 h 10 min."""
    if seconds < 59.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    whole_minutes, whole_seconds = divmod(round(seconds), 60)
    if whole_minutes < 60:
        return f"{whole_minutes} min {whole_seconds} s"
    hours, minutes = divmod(whole_minutes, 60)
    return f"{hours} h {minutes} min"
