"""The committed words of an utterance, and the texts that they make."""

from collections.abc import Sequence

from sotto.inference.streaming.decoded_words import MARKS
from sotto.inference.streaming.recogniser import Word
from sotto.inference.streaming.trim import ends_sentence

UNFINISHED = "..."
"""What Whisper writes where somebody breaks off."""
BETWEEN = " ,.;:!?…-–—、。，"  # noqa: RUF001 (Chinese and Japanese marks)
"""What may stand between two words and begins no text."""
INSIDE = ",;:、，"  # noqa: RUF001 (Chinese and Japanese marks)
"""Marks inside a sentence."""

LONGEST_CONTEXT = 1_000
"""Letters of what was said before; a prompt takes fewer."""


class CommittedText:
    """Committed words: those in the audio that is held, and the text before it.

    An utterance may have parts; the texts are of the newest one, while words of those before it
    may still be in the audio. Owned by the engine thread.
    """

    def __init__(self, context: str = "") -> None:
        """Begin an utterance.

        Args:
            context: what was said before it.
        """
        self._words: tuple[Word, ...] = ()
        self._n_earlier = 0  # of these words: they are of parts before
        self._forgotten = ""  # of this part, and no longer in the audio
        self._committed = ""  # this part as it was first written
        self._context = context
        self._part_before = ""
        self._joined_by: str | None = None

    @property
    def words(self) -> tuple[Word, ...]:
        """Those in the audio that is held, of all parts, as they were last written."""
        return self._words

    @property
    def context(self) -> str:
        """What was said before the audio that is held."""
        return f"{self._context} {self._forgotten}".strip()

    @property
    def has_earlier(self) -> bool:
        """Whether words of parts before are in the audio that is held."""
        return self._n_earlier > 0

    @property
    def ends_sentence(self) -> bool:
        """Whether what is no longer in the audio ends where a sentence does."""
        return ends_sentence(self._forgotten)

    def commit(self, words: Sequence[Word]) -> None:
        """Add words to the end, and before them the mark that was heard since the last commit."""
        self._committed = _join(self._with_mark(), words) if words else self._committed
        self._words += tuple(words)

    @property
    def joined_by(self) -> str | None:
        """The mark inside a sentence that joins the part before with this; None between two.

        It may be empty. Once words of this part are committed, it stays.
        """
        return self._joined_by

    def write_anew(self, heard: tuple[Word, ...]) -> tuple[Word, ...]:
        """Take other marks, capitals and times for the words in the audio.

        Args:
            heard: these words, and uncommitted ones behind them, which are returned.
        """
        self._words, tail = heard[: len(self._words)], heard[len(self._words) :]
        if self._n_earlier and not self._committed:
            before, after = heard[self._n_earlier - 1], _join("", heard[self._n_earlier :])
            self._joined_by = _mark_between(before.text, after)
        return tail

    def forget(self, n_words: int) -> None:
        """Take note that the first `n_words` are no longer in the audio."""
        n_earlier = min(n_words, self._n_earlier)
        self._context = _join(self._context, self._words[:n_earlier])[-LONGEST_CONTEXT:]
        self._forgotten = _join(self._forgotten, self._words[n_earlier:n_words])
        self._words = self._words[n_words:]
        self._n_earlier -= n_earlier

    def leave_earlier(self) -> None:
        """Forget the words of parts before; they are no context for this one either."""
        self._words = self._words[self._n_earlier :]
        self._n_earlier, self._joined_by = 0, None
        self._context = ""

    def end_forgotten_part(self) -> str:
        """Let a part end behind what is no longer in the audio; return its text."""
        text = self._written(self._forgotten)
        self._context, self._forgotten = text, ""
        self._committed = _join("", self._words)
        self._part_before, self._joined_by = "", None  # what follows is written as in one text
        return text

    def end_part(self) -> None:
        """Let a part end behind all words; they are still in the audio."""
        self._part_before, self._joined_by = self.whole(()), None
        self._n_earlier = len(self._words)
        self._context, self._forgotten = self.context[-LONGEST_CONTEXT:], ""
        self._committed = ""

    def committed(self) -> str:
        """Return the committed words as they were first written."""
        return self._written(self._committed)

    def shown(self, tail: Sequence[Word]) -> str:
        """Return those and uncommitted words behind them."""
        text = _join(self._with_mark(), tail) if tail else self._committed
        return self._written(text.rstrip())

    def whole(self, tail: Sequence[Word]) -> str:
        """Return all words, as they were last written."""
        words = (*self._words[self._n_earlier :], *tail)
        return self._written(_join(self._forgotten, words).rstrip())

    def _with_mark(self) -> str:
        """Return the committed words, and the mark that their last one has now if it had none.

        Words are mostly committed while nothing is heard behind them yet, and then have no mark.
        """
        if not self._committed or self._committed.endswith(tuple(MARKS)) or not self._words:
            return self._committed
        last = self._words[-1].text.rstrip()
        return self._committed + last[len(last.rstrip(MARKS)) :]

    def _written(self, text: str) -> str:
        """Begin a sentence where the part before has ended one."""
        before = self._part_before
        if not before:
            return text
        text = text.lstrip(BETWEEN)
        goes_on = self._joined_by is not None or before.endswith(UNFINISHED)
        return text if goes_on or not ends_sentence(before) else text[:1].upper() + text[1:]


def _mark_between(before: str, after: str) -> str | None:
    """Return the mark inside a sentence that parts two texts; None where a sentence ends."""
    rest = after.lstrip(f" {INSIDE}")
    if leading := after[: len(after) - len(rest)].strip():
        return leading[0] if rest else None
    before = before.rstrip()
    if before.endswith(tuple(INSIDE)):
        return before[-1] if rest else None
    # Without a mark a new sentence has a capital.
    return "" if rest[:1].islower() and not ends_sentence(before) else None


def _join(text: str, words: Sequence[Word]) -> str:
    return (text + "".join(word.text for word in words)).lstrip()
