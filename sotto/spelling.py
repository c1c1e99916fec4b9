"""What is the same however it is spelled: letters, without case, spaces and marks."""

import unicodedata


def letters(text: str) -> str:
    """Return what of `text` is sounded: no spaces, no marks, in lower case."""
    return "".join(
        c for c in text.casefold() if not (c.isspace() or unicodedata.category(c).startswith("P"))
    )


def end_of_letters(text: str, n_letters: int) -> int:
    """Return the position in `text` behind its first `n_letters` letters; its end if it has fewer.

    Where one character is several letters ("ß"), behind all of them.
    """
    n = 0
    for at, c in enumerate(text):
        if n >= n_letters:
            return at
        n += len(letters(c))
    return len(text)
