"""Where a number in words begins and ends, and the unit that goes with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sotto.app.core.words.ahead import WAIT, Ahead, Wait
from sotto.app.core.words.chunks import Chunk, parted
from sotto.app.core.words.numbers.chinese_japanese import Characters
from sotto.app.core.words.numbers.grammars import Grammar, rules
from sotto.app.core.words.pieces import Reading, Word

_Numbers = tuple[tuple[str, ...], ...]  # the words of each number of a list


@dataclass(frozen=True, slots=True)
class _Unit:
    """`n` chunks that make way for how they are written with the number."""

    n: int
    written: str = "#"


def number(ahead: Ahead) -> Reading | Wait | None:
    """Read a number, or several with commas between them, and a unit."""
    if not ahead.lexicon.settings.digits:
        return None
    found = rules(ahead.lexicon.language)
    if found.characters:
        return _characters(ahead, found.characters)
    return _words(ahead, found.grammar, found.signs) if found.grammar else None


def _characters(ahead: Ahead, characters: Characters) -> Reading | Wait | None:
    """Read a number that stands in running text."""
    following = ahead.peek(1) if not ahead.head.trail else None
    if isinstance(following, Wait):
        return WAIT
    unit = following.core if following and following.is_joined else ""
    written = characters.written(ahead.head.core, unit)
    if written is None:
        return None
    head = ahead.head
    closing, stop = parted(head.trail)
    word = Word(head.lead + written + closing, stop, joins_before=head.is_joined)
    return Reading(1, (word,))


def _words(
    ahead: Ahead, grammar: Grammar, signs: Mapping[tuple[str, ...], str]
) -> Reading | Wait | None:
    if grammar.is_sign(ahead.head.spoken) and _is_behind_number(ahead, grammar):
        return None
    found = _numbers(ahead, grammar)
    if not isinstance(found, tuple):
        return found
    n, numbers = found
    goes_on = not ahead.take(n)[-1].trail
    ordinal = goes_on and _begins_ordinal(ahead.after(n), grammar)
    unit = _unit(ahead.after(n), signs) if goes_on and grammar.takes_unit(numbers[-1]) else None
    if isinstance(ordinal, Wait) or isinstance(unit, Wait):
        return WAIT
    if ordinal:
        return Reading(n, tuple(_as_said(chunk) for chunk in ahead.take(n)))
    if unit is None and len(numbers) == 1 and grammar.stays_words(numbers[0]):
        return None
    chunks = ahead.take(n + (unit.n if unit else 0))
    return _reading(chunks, [grammar.figure(words) for words in numbers], unit or _Unit(0))


def _numbers(ahead: Ahead, grammar: Grammar) -> tuple[int, _Numbers] | Wait | None:
    """Return how many chunks are numbers, and which."""
    best: tuple[int, _Numbers] | None = None
    earlier: _Numbers = ()
    words: tuple[str, ...] = ()
    n = 0
    while isinstance(chunk := ahead.peek(n), Chunk) and _goes_on(grammar, earlier, words, chunk):
        words += tuple(chunk.spoken.split())
        n += 1
        if grammar.may_end(words):
            best = n, (*earlier, words)
        if chunk.trail == "," and grammar.is_cardinal(words[-1]):
            earlier, words = (*earlier, words), ()
        elif chunk.trail:
            return best
    return WAIT if isinstance(chunk, Wait) else best


def _is_behind_number(ahead: Ahead, grammar: Grammar) -> bool:
    """True in "five minus three", which has no negative number."""
    words = ahead.previous.spoken.split() if ahead.previous and not ahead.previous.trail else []
    return bool(words) and (words[-1].isdecimal() or grammar.is_cardinal(words[-1]))


def _goes_on(grammar: Grammar, earlier: _Numbers, words: tuple[str, ...], chunk: Chunk) -> bool:
    said = chunk.spoken.split()
    if not said or (chunk.lead and (earlier or words)):
        return False
    if earlier and not words and not grammar.is_cardinal(said[0]):
        return False  # "twenty, second" is no list
    return all(grammar.may_follow((*words, *said[:at]), word) for at, word in enumerate(said))


def _begins_ordinal(ahead: Ahead, grammar: Grammar) -> bool | Wait:
    """True before "unième" and "et unième", with which the number is an ordinal."""
    for n in range(2):
        chunk = ahead.peek(n)
        if not isinstance(chunk, Chunk):
            return WAIT if isinstance(chunk, Wait) else False
        if chunk.lead or not grammar.is_and(chunk.spoken):
            return not chunk.lead and grammar.is_ordinal(chunk.spoken)
    return False


def _as_said(chunk: Chunk) -> Word:
    closing, stop = parted(chunk.trail)
    return Word(chunk.lead + chunk.core + closing, stop)


def _unit(ahead: Ahead, signs: Mapping[tuple[str, ...], str]) -> _Unit | Wait | None:
    """Return the unit that is next; one that leaves the words as they are takes none away."""
    for words, written in signs.items():
        matches = _is_said(ahead, words)
        if isinstance(matches, Wait):
            return WAIT
        if matches:
            return _Unit(0 if written == "#" else len(words), written)
    return None


def _is_said(ahead: Ahead, words: tuple[str, ...]) -> bool | Wait:
    for at, word in enumerate(words):
        chunk = ahead.peek(at)
        if not isinstance(chunk, Chunk):
            return WAIT if isinstance(chunk, Wait) else False
        is_last = at == len(words) - 1
        if chunk.lead or chunk.spoken != word or (chunk.trail and not is_last):
            return False
    return True


def _reading(chunks: tuple[Chunk, ...], figures: list[str], unit: _Unit) -> Reading:
    *others, last = figures
    text = ", ".join([*others, unit.written.replace("#", last)])
    closing, stop = parted(chunks[-1].trail)
    return Reading(len(chunks), (Word(chunks[0].lead + text + closing, stop),))
