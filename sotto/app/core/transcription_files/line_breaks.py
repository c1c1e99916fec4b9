"""Where a text may be broken into lines, and how well it reads there."""

from itertools import combinations, pairwise
from typing import Final

from sotto.app.core.transcription_files.timed_words import TimedWord, columns, joined
from sotto.inference.streaming.trim import ends_sentence

SENTENCE: Final = 0.0
CLAUSE: Final = 1.0
WORDS: Final = 3.0
GLUED: Final = 8.0
"""What breaks cost: after a sentence, after a clause, between words, and inside a word, before a
mark, or where a language has no spaces; twice that between a number and what it counts."""

_SHORT = 3
"""Letters: articles, prepositions, pronouns and conjunctions of most languages of Europe have no
more. They belong to what follows: a break behind one costs more, before one less."""
_TORN, _TOGETHER = 2.0, -0.5

PAUSE_S = 0.5
"""Somebody who is silent for so long has ended a clause, whatever its punctuation."""
_NEVER_FIRST = "ーっゃゅょぁぃぅぇぉッャュョァィゥェォ々"  # of a Japanese line (JIS X 4051)
_MAX_BREAKS = 2  # in how many lines all ways are tried: beyond that there are too many
_CLAUSE_ENDS = (",", ";", ":", "–", "—", "…", "，", "、", "；", "：")  # noqa: RUF001 (dashes, full-width marks)
_ABBREVIATIONS = frozenset({"mr.", "mrs.", "ms.", "dr.", "st.", "prof.", "no.", "hr.", "fr.", "z."})


def break_cost(before: TimedWord, after: TimedWord) -> float:
    """Return how much it costs to break between two words."""
    if after.is_turn or _is_sentence_end(before, after):
        return SENTENCE
    if before.text.endswith(_CLAUSE_ENDS) or after.start - before.end >= PAUSE_S:
        return CLAUSE
    if not after.has_space or not any(map(str.isalnum, after.text)):
        is_one = before.text[-1].isdigit() or after.text[0] in _NEVER_FIRST
        return GLUED + GLUED * is_one
    torn = _TORN if len(before.text) <= _SHORT else 0.0
    together = _TOGETHER if len(after.text) <= _SHORT else 0.0
    return WORDS + torn + together


def in_lines(words: list[TimedWord], width: int) -> str:
    """Return the words in as few lines as they need, broken where that reads best."""
    filled = _filled(words, width)
    n_breaks = len(filled) - 1
    if not 0 < n_breaks <= _MAX_BREAKS:
        return "\n".join(map(joined, filled))
    layouts = (_lines(words, breaks) for breaks in combinations(range(1, len(words)), n_breaks))
    fitting = (lines for lines in layouts if all(columns(joined(line)) <= width for line in lines))
    best = min(fitting, key=lambda lines: _cost(lines, width))
    return "\n".join(map(joined, best))


def _filled(words: list[TimedWord], width: int) -> list[list[TimedWord]]:
    """Put as many words into each line as it takes, which gives the fewest lines."""
    lines: list[list[TimedWord]] = [[]]
    for word in words:
        if lines[-1] and columns(joined([*lines[-1], word])) > width:
            lines.append([])
        lines[-1].append(word)
    return lines


def _is_sentence_end(before: TimedWord, after: TimedWord) -> bool:
    is_initial = len(before.text) == 2 and before.text.endswith(".")
    is_name = is_initial or before.text.lower() in _ABBREVIATIONS
    return ends_sentence(before.text) and not is_name and not after.text[0].islower()


def _lines(words: list[TimedWord], breaks: tuple[int, ...]) -> list[list[TimedWord]]:
    return [words[first:last] for first, last in pairwise((0, *breaks, len(words)))]


def _cost(lines: list[list[TimedWord]], width: int) -> float:
    """Lines of one length read best; if they differ, the upper one hides less of the picture."""
    lengths = [columns(joined(line)) for line in lines]
    uneven = (max(lengths) - min(lengths)) / width
    is_top_heavy = lengths[0] > lengths[-1]
    breaks = sum(break_cost(upper[-1], lower[0]) for upper, lower in pairwise(lines))
    return breaks + 4 * uneven + 0.3 * is_top_heavy
