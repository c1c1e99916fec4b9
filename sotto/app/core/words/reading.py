"""The grammar: what the next words mean.

Each rule looks at the words ahead and answers with a reading, with None (not mine), or with `WAIT`
where words that are still to come could change its answer. So an utterance that is still being
spoken is read exactly as its final will be, only not as far.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sotto.app.core.words.ahead import WAIT, Ahead, Match, Wait
from sotto.app.core.words.capitals import has_letter_or_digit
from sotto.app.core.words.chunks import Chunk, parted
from sotto.app.core.words.marks import Mark
from sotto.app.core.words.numbers.extent import number
from sotto.app.core.words.phrases import Command, Escape
from sotto.app.core.words.pieces import Reading, Sign, Word


def read(ahead: Ahead) -> Reading | Wait:
    """Return what the next words mean; there is at least one."""
    for rule in (_literal, _quote, _phrase, number):
        reading = rule(ahead)
        if reading is not None:
            return reading
    return Reading(1, (_as_word(ahead.head, ahead),))


def _literal(ahead: Ahead) -> Reading | Wait | None:
    """Read "literal comma" as the word comma."""
    match = _escape(ahead, Escape.LITERAL)
    if not isinstance(match, Match):
        return match
    rest = ahead.after(match.n)
    meant = _something_to_escape(rest)
    if not isinstance(meant, int):
        return meant
    return Reading(match.n + meant, tuple(_as_word(chunk, rest) for chunk in rest.take(meant)))


def _something_to_escape(ahead: Ahead) -> int | Wait | None:
    """Return how many chunks would become something else without "literal" before them."""
    chunk = ahead.peek(0)
    if not isinstance(chunk, Chunk):
        return chunk
    meant = ahead.match() or number(ahead)
    return meant if isinstance(meant, Wait) or meant is None else meant.n


def _quote(ahead: Ahead) -> Reading | Wait | None:
    """Read "quote … unquote" as the words between, in quotes."""
    match = _escape(ahead, Escape.QUOTE)
    if not isinstance(match, Match):
        return match
    if _is_noun(ahead):
        return None
    rest = ahead.after(match.n)
    marks = ahead.lexicon.spoken.marks
    n = 0
    while isinstance(rest.peek(n), Chunk):
        end = rest.after(n).match()
        if isinstance(end, Wait):
            return WAIT
        if n and end and end.entry.does in (Escape.UNQUOTE, marks["close_quote"]):
            quoted = _quoted(rest.take(n), rest.take(n + end.n)[-1], marks)
            return Reading(match.n + n + end.n, quoted)
        n += 1
    return None if rest.has_ended else WAIT


def _quoted(
    chunks: tuple[Chunk, ...], end: Chunk, marks: Mapping[str, Mark]
) -> tuple[Sign | Word, ...]:
    spaced = (("" if chunk.is_joined else " ") + chunk.text for chunk in chunks)
    text, stop = parted("".join(spaced).lstrip())
    # The model hears the pause before "unquote" as a comma or as the end of a sentence.
    words = Word((text + stop.rstrip(".,。，、")).rstrip(), is_verbatim=True)  # noqa: RUF001
    return Sign(marks["open_quote"]), words, Sign(marks["close_quote"], end.stop)


def _phrase(ahead: Ahead) -> Reading | Wait | None:
    match = ahead.match()
    if not isinstance(match, Match):
        return match
    last = ahead.take(match.n)[-1]
    if isinstance(match.entry.does, str):
        return Reading(match.n, _written(match, ahead.head, last))
    if match.entry.does is Escape.ORDINARY or (match.entry.is_own and _is_noun(ahead)):
        return Reading(match.n, tuple(_as_word(chunk, ahead) for chunk in ahead.take(match.n)))
    return _obeyed(ahead, match) if ahead.head.lead == "" and last.is_plain else None


def _obeyed(ahead: Ahead, match: Match) -> Reading | Wait | None:
    match match.entry.does:
        case Mark() as mark:
            return _mark(ahead, match.n, mark)
        case Command() as command:
            return _command(ahead, match, command)
    return None


def _mark(ahead: Ahead, n: int, mark: Mark) -> Reading | Wait:
    end = _end(ahead, n)
    return WAIT if isinstance(end, Wait) else Reading(end.n, (Sign(mark, _kept(end.stop, mark)),))


def _command(ahead: Ahead, match: Match, command: Command) -> Reading | Wait | None:
    """Read a command only before a pause: nobody pauses in "scratch that itch"."""
    if match.entry.is_own and _is_said_of_somebody(ahead):
        return None
    end = _end(ahead, match.n)
    if isinstance(end, Wait):
        return WAIT
    following = ahead.peek(end.n)
    if following is None or end.stop:
        return Reading(end.n, (command,))
    return following if isinstance(following, Wait) else None


@dataclass(frozen=True, slots=True)
class _End:
    """Where a phrase ends: behind `n` chunks, with the model's punctuation `stop`."""

    n: int
    stop: str


def _end(ahead: Ahead, n: int) -> _End | Wait:
    """Return the end of a phrase of `n` chunks; French has a space before punctuation."""
    stop = ahead.take(n)[-1].stop
    if stop or not ahead.lexicon.spoken.has_spaced_marks:
        return _End(n, stop)
    following = ahead.peek(n)
    if isinstance(following, Wait):
        return WAIT
    if following and following.stop == following.text:
        return _End(n + 1, following.stop)
    return _End(n, "")


def _written(match: Match, first: Chunk, last: Chunk) -> tuple[Word, ...]:
    """Return the user's own text in place of the words; an empty one takes them away."""
    text = str(match.entry.does)
    if not text:
        return ()
    closing, stop = parted(last.trail)
    written = first.lead + text + match.suffix + closing
    joins = first.is_joined or (not first.lead and text[0].isspace())
    return (Word(written, stop if _takes_stop(text, stop) else "", joins_before=joins),)


def _takes_stop(text: str, stop: str) -> bool:
    """False for smileys, whole lines, and what ends in that punctuation itself: "Ltd."."""
    is_words = has_letter_or_digit(text) and "\n" not in text
    return is_words and not (stop and text.endswith(stop))


def _escape(ahead: Ahead, escape: Escape) -> Match | Wait | None:
    match = ahead.match()
    if not isinstance(match, Match):
        return match
    plain = not ahead.head.lead and ahead.take(match.n)[-1].is_plain
    return match if plain and match.entry.does is escape else None


def _is_noun(ahead: Ahead) -> bool:
    """No sentence ends with an article: "the period of time", "a new line of products"."""
    return _is_after(ahead, ahead.lexicon.spoken.never_after)


def _is_said_of_somebody(ahead: Ahead) -> bool:
    """Commands are not told to others: "I had to scratch that"."""
    return _is_after(ahead, ahead.lexicon.spoken.no_command_after)


def _is_after(ahead: Ahead, words: tuple[str, ...]) -> bool:
    previous = ahead.previous
    if previous is None or previous.trail:
        return False
    if ahead.lexicon.cutter:
        return ahead.head.is_joined and previous.core.endswith(words)
    return previous.spoken in words


def _kept(stop: str, mark: Mark) -> str:
    return "".join(character for character in stop if character in mark.keeps)


def _as_word(chunk: Chunk, ahead: Ahead) -> Word:
    closing, stop = parted(chunk.trail)
    text = chunk.lead + chunk.core + closing
    is_mark = not (chunk.lead or chunk.core)
    if is_mark and not closing and ahead.lexicon.spoken.has_spaced_marks:
        return Word("", f" {stop}", joins_before=True)
    # English has no space before punctuation; what a language without a table has is not known.
    joins = is_mark and ahead.lexicon.language == "en"
    return Word(text, stop, joins_before=chunk.is_joined or joins)
