"""Text as a search compares it: without accents, without capitals, in one form of Unicode."""

import unicodedata


def fold(text: str) -> str:
    """Return `text` so that “CAFÉ”, “café” and “cafe” are the same.

    Each character is folded alone, so that what is part of a text is part of it when folded too.
    """
    bare = _without_marks(text).casefold()
    return _without_marks(bare)  # casefold() makes marks of its own: "ǰ"


def found_spans(text: str, words: str) -> tuple[tuple[int, int], ...]:
    """Return where `words` stand in `text`, as a search finds them: starts and ends, in order."""
    letters = [(letter, at) for at, char in enumerate(text) for letter in fold(char)]
    folded = "".join(letter for letter, _ in letters)
    spans = set()
    for word in fold(words).split():
        start = folded.find(word)
        while start >= 0:
            end = start + len(word)
            spans.add((letters[start][1], letters[end - 1][1] + 1))
            start = folded.find(word, end)
    return tuple(sorted(spans))


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
