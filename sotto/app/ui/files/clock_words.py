"""Times in a recording, and how long things take, as people read them."""


def clock(seconds: float) -> str:
    """Return a place in a recording as `0:07`, `12:34` or `1:02:03`."""
    minutes, second = divmod(int(max(0.0, seconds) + 1e-6), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"


def length_words(seconds: float) -> str:
    """Return the length of a recording as `clock` has it, rounded."""
    return clock(seconds + 0.5)


def left_words(seconds: float) -> str:
    """Return how long it still takes, as `20 s left`, `3 min left` or `1 h 5 min left`."""
    if seconds < 55:  # 55 s would be shown as 60 below
        return f"{max(5, 5 * round(seconds / 5))} s left"
    minutes = max(1, round(seconds / 60))
    hours, minute = divmod(minutes, 60)
    return f"{hours} h {minute} min left" if hours else f"{minute} min left"
