"""Sentences with a pause inside, which come as two texts."""

STOPS = (".", "。")
"""What a model writes where somebody pauses."""


def continued(text: str, joined_by: str) -> str:
    """Return `text` without its full stop, which the mark `joined_by` takes the place of."""
    return text.removesuffix(next(filter(text.endswith, STOPS), "")) + joined_by
