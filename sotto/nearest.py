"""What somebody probably meant who wrote a name that does not exist."""

from collections.abc import Iterable

_LIKENESS = 0.6  # difflib's own: one letter in three may be wrong


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Return "; did you mean NAME?" with the nearest of the known names; empty if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 (only who errs waits for it)

    names = {name.casefold(): name for name in known}
    near = get_close_matches(wrong.casefold(), names, n=1, cutoff=_LIKENESS)
    return f"; did you mean {names[near[0]]}?" if near else ""
