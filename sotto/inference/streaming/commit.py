"""The commit rule: which words of a growing hypothesis will not change any more.

Local agreement (Liu, Spanakis and Niehues, 2020, "Low-Latency Sequence-to-Sequence Speech
Recognition and Translation by Partial Hypothesis Selection"; used for Whisper by Macháček, Dabre
and Bojar, 2023): a word is committed when decodes agree on it and on all words before it. There
they are always two; here the less likely a word is, the more must agree.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

from sotto.inference.streaming.recogniser import Word

EPSILON_S = 1e-6  # 0.7 - 0.3 > 0.4 in binary
JITTER_S = 0.5
"""Two decodes time one word by less than this apart."""


AGREEING = ((2, 0.8), (3, 0.3), (4, 0.0))
"""So many decodes commit a word to which each of them gives at least such a probability. Words that
sound like others ("there", "their") and words in noise are heard wrong by two in a row, hardly by
four (docs/live.md)."""


@dataclass(frozen=True, slots=True)
class CommitSettings:
    """When decodes that agree are believed."""

    agreeing: tuple[tuple[int, float], ...] = AGREEING
    # Decodes of nearly the same audio agree on their errors too.
    apart_s: float = 0.3
    # A word this close to the end of the audio was heard without what follows it.
    margin_s: float = 0.3
    # Of words so far back two decodes are enough: a slow machine does not come to four.
    settled_s: float = 3.0


@dataclass(frozen=True, slots=True)
class _Decode:
    """The words that followed the committed ones in the decode of all audio up to `audio_s`."""

    audio_s: float
    words: tuple[Word, ...]


class CommitRule:
    """Decides word by word what is committed; what it has committed it never takes back.

    Words are compared as they sound: punctuation and capitals are settled when all of a sentence
    was heard. They are compared by their position after the committed text, never by their times:
    times jitter by a few encoder positions from decode to decode.
    """

    def __init__(self, settings: CommitSettings = CommitSettings()) -> None:
        self._settings = settings
        self._earlier: list[_Decode] = []  # oldest first

    def observe(self, words: Sequence[Word], audio_s: float) -> tuple[Word, ...]:
        """Take a decode of all audio up to `audio_s` and return the words it commits.

        Args:
            words: what follows the committed words in this decode.
            audio_s: end of the decoded audio, in the time of the words; never goes back.

        Returns:
            The leading words that are now committed, as this decode writes them.
        """
        agreed = self._agreed(words, audio_s)
        self._earlier.append(_Decode(audio_s, tuple(words)))
        self.force(words[:agreed])
        return tuple(words[:agreed])

    def force(self, words: Sequence[Word]) -> None:
        """Note that `words` were committed: earlier decodes are compared from there on."""
        self._earlier = [_Decode(d.audio_s, after(words, d.words)) for d in self._earlier]

    def _agreed(self, words: Sequence[Word], audio_s: float) -> int:
        """Return how many words are agreed on. The last never is: what follows may change it."""
        others = self._others(audio_s)
        for i, word in enumerate(words[:-1]):
            others = _hearing(word, i, others)
            if not self._is_believed([word, *(other[i] for other in others)], audio_s):
                return i
        return max(0, len(words) - 1)

    def _is_believed(self, heard: Sequence[Word], audio_s: float) -> bool:
        """Whether a word is certain that decodes in a row, newest first, have heard."""
        age_s = audio_s - heard[0].end_s
        if age_s < self._settings.margin_s - EPSILON_S:
            return False
        if age_s >= self._settings.settled_s and len(heard) > 1:
            return True
        return any(
            len(heard) >= n and min(word.probability for word in heard[:n]) >= least
            for n, least in self._settings.agreeing
        )

    def _others(self, audio_s: float) -> list[tuple[Word, ...]]:
        """Return earlier decodes, newest first, far enough apart; forget those before them."""
        most = max(n for n, _ in self._settings.agreeing) - 1
        others: list[tuple[Word, ...]] = []
        for i in reversed(range(len(self._earlier))):
            earlier = self._earlier[i]
            if earlier.audio_s <= audio_s - self._settings.apart_s + EPSILON_S:
                audio_s = earlier.audio_s
                others.append(earlier.words)
            if len(others) == most:
                self._earlier = self._earlier[i:]
                break
        return others


def _hearing(word: Word, i: int, decodes: Sequence[tuple[Word, ...]]) -> list[tuple[Word, ...]]:
    """Return the decodes, up to the first that hears another word in this place."""
    return list(takewhile(lambda decode: begins_with(decode[i : i + 1], [word]), decodes))


def spoken(word: Word) -> str:
    """The word as it sounds: neither case nor punctuation, unless it is nothing else."""
    text = word.text.strip().casefold()
    return "".join(c for c in text if not unicodedata.category(c).startswith("P")) or text


def begins_with(words: Sequence[Word], head: Sequence[Word]) -> bool:
    """Whether `words` begin with those of `head`, as they sound."""
    return len(words) >= len(head) and all(
        spoken(a) == spoken(b) for a, b in zip(words, head, strict=False)
    )


def after(head: Sequence[Word], words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return what follows `head` in `words`: nothing if they begin otherwise."""
    return words[len(head) :] if begins_with(words, head) else ()


def written_as(words: Sequence[Word], heard: Sequence[Word]) -> tuple[Word, ...]:
    """Return `words`, those that are in `heard` too written and timed as they are there.

    A word that is said again later is another one: what is the same lies at the same time.
    """
    sounds = [spoken(word) for word in words], [spoken(word) for word in heard]
    anew = list(words)
    for ours, theirs, size in SequenceMatcher(None, *sounds, autojunk=False).get_matching_blocks():
        for i in range(size):
            if is_at_one_time(words[ours + i], heard[theirs + i]):
                anew[ours + i] = heard[theirs + i]
    return tuple(anew)


def is_at_one_time(one: Word, other: Word) -> bool:
    """Whether two decodes may mean one word, by their times."""
    return abs(one.start_s - other.start_s) < JITTER_S and abs(one.end_s - other.end_s) < JITTER_S
