"""Sentences with a pause inside, which come as two texts."""

STOPS = ".,;:?!…。，、；：？！"  # noqa: RUF001 (Chinese and Japanese marks)
"""What a model writes where somebody pauses."""


def continued(text: str, joined_by: str) -> str:
    """Return `text` without the marks at its end, which `joined_by` takes the place of."""
    return text.rstrip(STOPS) + joined_by
