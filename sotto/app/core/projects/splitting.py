"""A line becomes two, or two become one; every word keeps its time and its speaker."""

from dataclasses import replace

from sotto.app.core.projects.correction import corrected, spread
from sotto.app.core.projects.document import Line, Word
from sotto.app.core.sides import label_of


def split_line(line: Line, first: str, second: str) -> tuple[Line, ...]:
    """Return the line with the texts `first` and `second` as two lines.

    Where either is empty it is one line, or none. A word that is cut shares its time by the lengths
    of its parts. Both lines are of the speaker whose name the line begins with.
    """
    whole = corrected(line, f"{first}{second}")
    n_first = len(" ".join(first.split()))
    if whole is None:
        return ()
    label = label_of(whole.text)
    if not second.strip() or n_first <= len(label):
        return (whole,)
    words, at = _cut(whole, n_first)
    before, after = words[:at], words[at:]
    named = replace(after[0], text=_begun(after[0].text, whole, label))
    return (
        replace(line, end=before[-1].end, words=before),
        replace(line, start=named.start, words=(named, *after[1:])),
    )


def joined_lines(first: Line, second: Line) -> Line:
    """Return two lines as one; the name of a speaker of both stands once."""
    label = label_of(second.text)
    words = second.words
    if label and label == label_of(first.text):
        words = _without_label(words, label)
    end = max(first.end, second.end)
    return replace(first, end=end, words=(*first.words, *words))


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


def _begun(text: str, whole: Line, label: str) -> str:
    """Return the text of a word as that of the first one of a line like this."""
    space = " " if whole.text[:1].isspace() else ""
    is_named = bool(label) and not label_of(text)
    return f"{space}{label} {text.lstrip()}" if is_named else space + text.lstrip()


def _without_label(words: tuple[Word, ...], label: str) -> tuple[Word, ...]:
    """Leave the label out, which is a word or the beginning of one."""
    text = words[0].text.replace(label, "", 1)
    text = text[1:] if text.startswith("  ") else text
    return (replace(words[0], text=text), *words[1:]) if text.strip() else words[1:]
