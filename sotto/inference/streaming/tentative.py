"""Tentative text as it is shown: it follows the decodes and does not flicker."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from sotto.inference.streaming.commit import after, begins_with, is_at_one_time, spoken
from sotto.inference.streaming.recogniser import Word

LIKELY = 0.5
"""From this probability on the newest word is shown. Others are mostly another one 0.3 s later."""
LIKELY_AT_THE_END = 0.6
"""And from this one where the sound ends in the word, which may go on."""
END_S = 0.1


class TentativeText:
    """The words shown behind the committed ones. Owned by the engine thread.

    Its end is what the newest decode hears, without unlikely words that were not shown before.
    Further back, what one decode hears otherwise the next one mostly hears as before: there a
    change is shown once two decodes in a row hear it.
    """

    def __init__(self) -> None:
        self._shown: tuple[Word, ...] = ()
        self._heard: tuple[Word, ...] = ()  # by the newest decode

    def update(self, heard: tuple[Word, ...], audio_s: float) -> tuple[Word, ...]:
        """Take what a decode of all audio up to `audio_s` hears; return what is shown."""
        n_likely = _n_likely(heard, audio_s)
        while n_likely < len(heard) and begins_with(self._shown, heard[: n_likely + 1]):
            n_likely += 1  # it was shown already
        self._shown = self._steady(heard[:n_likely])
        self._heard = heard
        return self._shown

    def commit(self, words: Sequence[Word]) -> None:
        """Leave out `words`, which were committed, at the beginning."""
        self._shown, self._heard = after(words, self._shown), after(words, self._heard)

    def _steady(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """Return `words`, but inside them what is shown where only they differ from it."""
        sounds = [spoken(word) for word in self._shown], [spoken(word) for word in words]
        changes = SequenceMatcher(None, *sounds, autojunk=False).get_opcodes()
        steady: list[Word] = []
        for change, from_shown, to_shown, start, end in changes[:-1]:
            is_kept = change != "equal" and not self._is_heard_again(words, start, end)
            steady += self._shown[from_shown:to_shown] if is_kept else words[start:end]
        return (*steady, *words[changes[-1][3] :]) if changes else ()

    def _is_heard_again(self, words: tuple[Word, ...], start: int, end: int) -> bool:
        """Whether the decode before heard words[start:end] too; if none, that nothing is there."""
        span = words[start:end] or words[max(0, start - 1) : end + 1]
        if start == 0:
            return begins_with(self._heard, span)
        return any(
            is_at_one_time(first, span[0]) and begins_with(self._heard[i:], span)
            for i, first in enumerate(self._heard)
        )


def _n_likely(words: Sequence[Word], audio_s: float) -> int:
    """Return how many words are left without unlikely ones at the end.

    Of those mostly only the beginning was heard: they would be taken back.
    """
    n_likely = len(words)
    while n_likely and not _is_likely(words[n_likely - 1], audio_s):
        n_likely -= 1
    return n_likely


def _is_likely(word: Word, audio_s: float) -> bool:
    at_the_end = audio_s - word.end_s < END_S
    return word.probability >= (LIKELY_AT_THE_END if at_the_end else LIKELY)
