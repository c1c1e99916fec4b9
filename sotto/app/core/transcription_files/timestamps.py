"""Times as subtitles have them."""


def timestamp(seconds: float, decimal_mark: str = ".", *, with_hours: bool = False) -> str:
    """Return `[hh:]mm:ss.mmm`, as openai-whisper's `format_timestamp`."""
    total_s, milliseconds = divmod(round(seconds * 1000.0), 1000)
    total_minutes, whole_seconds = divmod(total_s, 60)
    hours, minutes = divmod(total_minutes, 60)
    prefix = f"{hours:02d}:" if hours or with_hours else ""
    return f"{prefix}{minutes:02d}:{whole_seconds:02d}{decimal_mark}{milliseconds:03d}"


def lyrics_timestamp(seconds: float) -> str:
    """Return `mm:ss.xx`, in which minutes go on after 59: lyrics have no hours."""
    total_s, hundredths = divmod(round(seconds * 100), 100)
    minutes, whole_seconds = divmod(total_s, 60)
    return f"{minutes:02d}:{whole_seconds:02d}.{hundredths:02d}"


def clock(seconds: float) -> str:
    """Return `[h:]mm:ss`, for people who look for a place in a recording."""
    minutes, whole_seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    prefix = f"{hours}:" if hours else ""
    return f"{prefix}{minutes:02d}:{whole_seconds:02d}"
