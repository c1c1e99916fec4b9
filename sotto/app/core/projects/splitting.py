"""A line becomes two, or two become one; every word keeps its time and its speaker."""

from dataclasses import replace

from sotto.app.core.projects.correction import corrected, spread
from sotto.app.core.projects.document import Line, Word


def split_line(line: Line, first: str, second: str) -> tuple[Line, ...]:
    """Return the line with the texts `first` and `second` as two lines.

    Where either is empty it is one line, or none. A word that is cut shares its time by the lengths
    of its parts.
    """
    whole = corrected(line, f"{first}{second}")
    n_first = len(" ".join(first.split()))
    if whole is None:
        return ()
    if not second.strip() or not n_first:
        return (whole,)
    words, at = _cut(whole, n_first)
    before, after = words[:at], words[at:]
    begun = replace(after[0], text=_begun(after[0].text, whole))
    return (
        replace(line, end=before[-1].end, words=before),
        replace(line, start=begun.start, words=(begun, *after[1:])),
    )


def joined_lines(first: Line, second: Line) -> Line:
    """Return two lines as one, of the speaker of the first."""
    end = max(first.end, second.end)
    return replace(first, end=end, words=(*first.words, *second.words))


def _cut(line: Line, n_characters: int) -> tuple[tuple[Word, ...], int]:
    """Return the words, of which one may be cut, and the number of the first one behind the cut."""
    left = n_characters + len(line.text) - len(line.text.lstrip())
    for at, word in enumerate(line.words):
        if left <= 0:
            return line.words, at
        if left < len(word.text.rstrip()):
            parts = spread((word.text[:left], word.text[left:]), word.start, word.end)
            kept = tuple(replace(part, probability=word.probability) for part in parts)
            return (*line.words[:at], *kept, *line.words[at + 1 :]), at + 1
        left -= len(word.text)
    raise AssertionError("a line ends before its second part")


def _begun(text: str, whole: Line) -> str:
    """Return the text of a word as that of the first one of a line like this."""
    space = " " if whole.text[:1].isspace() else ""
    return space + text.lstrip()
