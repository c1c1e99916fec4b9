"""What must be known of the text before the caret: spaces and capitals depend on it."""

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Self

from sotto.app.core.words.capitals import case_after, cased, has_letter_or_digit
from sotto.app.core.words.chunks import OPENERS
from sotto.app.core.words.marks import Case, Mark
from sotto.app.core.words.pieces import Sign, Word


@dataclass(frozen=True, slots=True)
class Written:
    """How to go on writing. As it is by default, nothing was written yet.

    Attributes:
        is_glued: whether the next word needs no space before it.
        case: how a word begins here, if this is a boundary.
        is_boundary: whether an utterance or a spoken mark ends here. Between boundaries the model
            writes capitals itself, and tells names from words.
        held: the model's punctuation after the last word, not written yet, because a spoken mark
            may take its place.
        stop: the same at the end of the last utterance; it is written.
    """

    is_glued: bool = True
    case: Case = Case.CAPITAL
    is_boundary: bool = True
    held: str = ""
    stop: str = ""

    def word(self, word: Word, small_words: Container[str] = ()) -> tuple[str, "Written"]:
        """Return how `word` is written here, and what is written then.

        `small_words` are those of the language that are never names.
        """
        keeps_case = word.is_verbatim or not self.is_boundary
        text = word.text if keeps_case else cased(word.text, self.case, small_words)
        space = "" if self.is_glued or word.joins_before else " "
        return self.held + space + text, self._after(word)

    def sign(self, sign: Sign) -> tuple[str, "Written"]:
        """Return how a spoken mark is written here, and what is written then."""
        mark = sign.mark
        space = "" if self.is_glued or mark.joins_before else " "
        held, dropped = _without(self.held, mark)
        is_sentence = self.case is Case.CAPITAL and not dropped
        stop = "" if is_sentence else sign.stop  # “Really?” needs no full stop
        is_bullet = mark.is_bullet and self._is_line_start
        case = case_after(stop) if stop else self._case_after(mark, is_bullet=is_bullet)
        after = Written(is_glued=mark.joins_after and not is_bullet, case=case, held=stop)
        return held + space + mark.text, after

    def unstopped(self, mark: Mark) -> tuple[str, Self]:
        """Return what `mark` takes the place of in the last utterance, and what is left then."""
        stop, dropped = _without(self.stop, mark)
        return dropped, replace(self, stop=stop, case=Case.SMALL) if dropped else self

    def settle(self) -> tuple[str, Self]:
        """Write what is held back, before a command; a comma was only the pause before it."""
        settled = self.held.rstrip(",，、")  # noqa: RUF001
        return settled, replace(self, held="")

    def end(self) -> tuple[str, Self]:
        """End the utterance: return what was held back, and what is written then."""
        case = case_after(self.held) if self.held else self.case
        stop = self.held or self.stop
        return self.held, replace(self, is_boundary=True, case=case, held="", stop=stop)

    def part(self) -> Self:
        """Take it that words are missing here: what follows is not the same sentence."""
        case = Case.AS_IS if self.case is Case.SMALL else self.case
        return replace(self, is_boundary=True, case=case, stop="")

    def _after(self, word: Word) -> "Written":
        ends_open = not word.stop and word.text.endswith((*OPENERS, " ", "\t", "\n"))
        if self.is_boundary and not has_letter_or_digit(word.text):
            return Written(ends_open, self.case, held=word.stop)
        case = case_after(word.text + word.stop)
        return Written(ends_open, case, is_boundary=False, held=word.stop)

    @property
    def _is_line_start(self) -> bool:
        return self.is_glued and self.is_boundary and self.case is Case.CAPITAL

    def _case_after(self, mark: Mark, *, is_bullet: bool) -> Case:
        if mark.case and not is_bullet:
            return mark.case
        if self.is_boundary and self.case is Case.CAPITAL:
            return Case.CAPITAL  # bullets, quotes and brackets hand it on
        return Case.AS_IS if mark.joins_after else Case.SMALL


def _without(stop: str, mark: Mark) -> tuple[str, str]:
    kept = stop.rstrip(mark.replaces) if mark.replaces else stop
    if kept != stop:
        kept = kept.rstrip()  # French has spaces before punctuation
    return kept, stop[len(kept) :]
