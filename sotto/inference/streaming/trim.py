"""Where to cut the audio of a long segment, so that a decode never sees more than it can."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

from sotto.inference.streaming.recogniser import Word


@dataclass(frozen=True, slots=True)
class TrimSettings:
    """How much audio a decode sees."""

    # Cost grows with the window; 15 s hold a sentence or two, enough context for the next words.
    soft_s: float = 15.0
    # Whisper hears 30 s at most; the rest is room for padding and for what arrives meanwhile.
    hard_s: float = 25.0
    # What stays after a cut at the hard limit: text younger than this may still change.
    keep_s: float = 10.0
    # A cut that frees less is not worth the loss of context.
    least_s: float = 5.0
    # Committed text kept as prefix, when there is no end of a sentence to cut at.
    context_s: float = 3.0
    # Speech without one more word for so long: the decoder takes its text for complete. Models
    # guess up to 3 s ahead, and a text that the speaker is still catching up with is no stall.
    stall_s: float = 4.0
    # Somebody who does not pause for so long has a part of the text finished where a sentence ends.
    longest_part_s: float = 30.0
    # Speech that follows closely is heard together with what was said before it, as far as that is
    # no longer than this. With 15 s two words of 1,600 more are heard, for a tenth more CPU.
    joined_s: float = 10.0
    # And of what is longer so much is kept at most: its last sentence, or the end of it.
    joined_context_s: float = 6.0

    def when_joined(self, held_s: float) -> Self:
        """Return what a good cut is of `held_s` seconds before speech that follows closely."""
        return replace(self, least_s=held_s - self.joined_context_s)

    def when_stalled(self) -> Self:
        """Return what a good cut is for a decoder that has to be woken: any that helps."""
        return replace(self, least_s=1.0, context_s=0.0)


@dataclass(frozen=True, slots=True)
class Cut:
    """Forget the audio before `until_s` and the first `n_words` committed words."""

    until_s: float
    n_words: int


def choose_cut(words: Sequence[Word], held_from_s: float, settings: TrimSettings) -> Cut | None:
    """Choose a cut between two committed words; None when there is no good one.

    At least one committed word stays: its audio tells the decoder where the text goes on, so a
    word whose time was a little wrong is neither lost nor heard twice.

    Args:
        words: the committed words in the audio held.
        held_from_s: where that audio starts.
        settings: what a good cut is.
    """
    cuts = [cut for cut in _cuts_between(words) if cut.until_s - held_from_s >= settings.least_s]
    at_sentence_ends = [cut for cut in cuts if ends_sentence(words[cut.n_words - 1].text)]
    if at_sentence_ends:
        return at_sentence_ends[-1]
    with_context = [cut for cut in cuts if words[-1].end_s - cut.until_s >= settings.context_s]
    return with_context[-1] if with_context else None


def _cuts_between(words: Sequence[Word]) -> list[Cut]:
    return [
        Cut((word.end_s + following.start_s) / 2, n_words)
        for n_words, (word, following) in enumerate(pairwise(words), start=1)
    ]


def ends_sentence(text: str) -> bool:
    """Whether a text ends where a sentence does."""
    return text.rstrip("\"'”’)]").endswith((".", "?", "!", "。", "？", "！"))  # noqa: RUF001 (Chinese and Japanese marks)
