"""Times and lengths as people say them."""

from datetime import datetime, timedelta

_WEEK = timedelta(days=6)  # longer ago, a weekday would be the wrong one or no help


def when_words(when: datetime, now: datetime) -> str:
    """Return a moment as seen from `now`: `Today, 14:32`, `Monday, 9:05`, `3 May 2025, 18:00`."""
    return f"{_day_words(when, now)}, {when.hour}:{when:%M}"


def _day_words(when: datetime, now: datetime) -> str:
    days_ago = (now.date() - when.date()).days
    if days_ago == 0:
        return "Today"
    if days_ago == 1:
        return "Yesterday"
    if 0 < days_ago <= _WEEK.days:
        return f"{when:%A}"
    year = "" if when.year == now.year else f" {when.year}"
    return f"{when.day} {when:%B}{year}"


def duration_words(seconds: float) -> str:
    """Return a length of time as `4 s` or `1 min 20 s`; what was said took at least a second."""
    minutes, second = divmod(max(1, round(seconds)), 60)
    parts = ([f"{minutes} min"] if minutes else []) + ([f"{second} s"] if second else [])
    return " ".join(parts)


def application_words(application: str) -> str:
    """Return the name of the application that a text went to."""
    return application or "Sotto"


def count_words(count: int) -> str:
    """Return `1 text` or `1,234 texts`."""
    return "1 text" if count == 1 else f"{count:,} texts"
