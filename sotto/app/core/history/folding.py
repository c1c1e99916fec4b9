"""Text as a search compares it: without accents, without capitals, in one form of Unicode."""

import unicodedata


def fold(text: str) -> str:
    """Return `text` so that “CAFÉ”, “café” and “cafe” are the same.

    Each character is folded alone, so that what is part of a text is part of it when folded too.
    """
    bare = _without_marks(text).casefold()
    return _without_marks(bare)  # casefold() makes marks of its own: "ǰ"


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
