"""How a gap in the sound is written wherever text is shown or kept."""

from sotto.app.core.events import Gap

UNKNOWN = "[some sound is missing]"
SECONDS = "[{:.1f} s of sound missing]"
MINUTES = "[{} min {} s of sound missing]"
HOURS = "[{} h {} min of sound missing]"


def gap_mark(gap: Gap) -> str:
    """Return the words that stand in the text where sound is missing."""
    return mark_of(gap.end - gap.start)


def mark_of(missing_s: float) -> str:
    """Return the same for so many seconds, 0 where nobody can tell how many."""
    if missing_s <= 0:
        return UNKNOWN
    if missing_s < 59.95:  # what is written as 60.0 s is a minute
        return SECONDS.format(max(missing_s, 0.1))
    minutes, seconds = divmod(round(missing_s), 60)
    if minutes < 60:
        return MINUTES.format(minutes, seconds)
    return HOURS.format(*divmod(minutes, 60))
