"""Where a number in words begins and ends, and the unit that goes with it."""

from dataclasses import dataclass

from sotto.app.core.words.ahead import WAIT, Ahead, Wait
from sotto.app.core.words.chunks import Chunk, parted
from sotto.app.core.words.figures import figure, is_cardinal, may_end, may_follow
from sotto.app.core.words.pieces import Reading, Word

# "One of them", "first of all", "a second": alone these are hardly ever meant as figures.
_PROSE = ({"one"}, {"first"}, {"second"}, {"third"})
_CURRENCIES = {"dollar": "$", "dollars": "$", "euro": "€", "euros": "€"}
_HALVES_OF_DAY = frozenset({"am", "pm", "a.m", "p.m"})

_Numbers = tuple[tuple[str, ...], ...]  # the words of each number of a list


@dataclass(frozen=True, slots=True)
class _Unit:
    """`n` chunks that make way for what is written before and after the figures."""

    n: int
    before: str = ""
    after: str = ""


def number(ahead: Ahead) -> Reading | Wait | None:
    """Read a number, or several with commas between them, and a unit."""
    settings = ahead.lexicon.settings
    if not (settings.digits and settings.is_english):
        return None
    found = _numbers(ahead)
    if not isinstance(found, tuple):
        return found
    n, numbers = found
    unit = _unit(ahead.after(n)) if _takes_unit(ahead.take(n)[-1], numbers) else None
    if isinstance(unit, Wait):
        return WAIT
    if unit is None and len(numbers) == 1 and set(numbers[0]) in _PROSE:
        return None
    return _reading(ahead.take(n + (unit.n if unit else 0)), numbers, unit or _Unit(0))


def _numbers(ahead: Ahead) -> tuple[int, _Numbers] | Wait | None:
    """Return how many chunks are numbers, and which."""
    best: tuple[int, _Numbers] | None = None
    earlier: _Numbers = ()
    words: tuple[str, ...] = ()
    n = 0
    while isinstance(chunk := ahead.peek(n), Chunk) and _goes_on(earlier, words, chunk):
        words += tuple(chunk.spoken.split())
        n += 1
        if may_end(words):
            best = n, (*earlier, words)
        if chunk.trail == "," and is_cardinal(words[-1]):
            earlier, words = (*earlier, words), ()
        elif chunk.trail:
            return best
    return WAIT if isinstance(chunk, Wait) else best


def _goes_on(earlier: _Numbers, words: tuple[str, ...], chunk: Chunk) -> bool:
    said = chunk.spoken.split()
    if not said or (chunk.lead and (earlier or words)):
        return False
    if earlier and not words and not is_cardinal(said[0]):
        return False  # "twenty, second" is no list
    return all(may_follow((*words, *said[:at]), word) for at, word in enumerate(said))


def _takes_unit(last: Chunk, numbers: _Numbers) -> bool:
    return not last.trail and is_cardinal(numbers[-1][-1])


def _unit(ahead: Ahead) -> _Unit | Wait | None:
    chunk = ahead.peek(0)
    if not isinstance(chunk, Chunk) or chunk.lead:
        return chunk if isinstance(chunk, Wait) else None
    if chunk.spoken == "percent":
        return _Unit(1, after="%")
    if chunk.spoken in _CURRENCIES:
        return _Unit(1, before=_CURRENCIES[chunk.spoken])
    if chunk.spoken in _HALVES_OF_DAY:
        return _Unit(0)
    return _per_cent(ahead) if chunk.text == "per" else None


def _per_cent(ahead: Ahead) -> _Unit | Wait | None:
    chunk = ahead.peek(1)
    if isinstance(chunk, Wait):
        return chunk
    return _Unit(2, after="%") if chunk and not chunk.lead and chunk.spoken == "cent" else None


def _reading(chunks: tuple[Chunk, ...], numbers: _Numbers, unit: _Unit) -> Reading:
    *others, last = map(figure, numbers)
    text = ", ".join([*others, unit.before + last + unit.after])
    closing, stop = parted(chunks[-1].trail)
    return Reading(len(chunks), (Word(chunks[0].lead + text + closing, stop),))
