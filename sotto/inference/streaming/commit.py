"""The commit rule: which words of a growing hypothesis will not change any more.

Local agreement (Liu, Spanakis and Niehues, 2020, "Low-Latency Sequence-to-Sequence Speech
Recognition and Translation by Partial Hypothesis Selection"; used for Whisper by Macháček, Dabre
and Bojar, 2023): a word is committed when two decodes agree on it and on all words before it.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sotto.inference.streaming.recogniser import Word

JITTER_S = 0.5
"""Two decodes time one word by less than this apart."""


@dataclass(frozen=True, slots=True)
class CommitSettings:
    """When two decodes that agree are believed."""

    # Decodes of nearly the same audio agree on their errors too.
    apart_s: float = 0.3
    # A word this close to the end of the audio was heard without what follows it.
    margin_s: float = 0.4
    # Of words less likely than this, others may sound the same ("there", "their"): what follows
    # decides, once so much of it was heard.
    sure: float = 0.5
    settled_s: float = 0.8


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
        self._earlier = [
            _Decode(decode.audio_s, decode.words[len(words) :])
            for decode in self._earlier
            if begins_with(decode.words, words)
        ]

    def _agreed(self, words: Sequence[Word], audio_s: float) -> int:
        reference = self._reference(audio_s)
        n_agreed = 0
        # The last word is never committed: what follows may still change it.
        for word, earlier in zip(words[:-1], reference, strict=False):
            if word.end_s > audio_s - self._settings.margin_s:
                break
            is_settled = word.end_s <= audio_s - self._settings.settled_s
            is_sure = word.probability >= self._settings.sure
            if spoken(word) != spoken(earlier) or not (is_sure or is_settled):
                break
            n_agreed += 1
        return n_agreed

    def _reference(self, audio_s: float) -> tuple[Word, ...]:
        """The newest decode that lies far enough back; forgets those before it."""
        latest = audio_s - self._settings.apart_s + 1e-6  # 0.7 - 0.3 > 0.4 in binary
        old_enough = [decode for decode in self._earlier if decode.audio_s <= latest]
        if not old_enough:
            return ()
        self._earlier = self._earlier[len(old_enough) - 1 :]
        return old_enough[-1].words


def spoken(word: Word) -> str:
    """The word as it sounds: neither case nor punctuation, unless it is nothing else."""
    text = word.text.strip().casefold()
    return "".join(c for c in text if not unicodedata.category(c).startswith("P")) or text


def begins_with(words: Sequence[Word], head: Sequence[Word]) -> bool:
    """Whether `words` begin with those of `head`, as they sound."""
    return len(words) >= len(head) and all(
        spoken(a) == spoken(b) for a, b in zip(words, head, strict=False)
    )


def written_as(words: Sequence[Word], heard: Sequence[Word]) -> tuple[Word, ...]:
    """Return `words`, those that are in `heard` too written and timed as they are there.

    A word that is said again later is another one: what is the same lies at the same time.
    """
    sounds = [spoken(word) for word in words], [spoken(word) for word in heard]
    anew = list(words)
    for ours, theirs, size in SequenceMatcher(None, *sounds, autojunk=False).get_matching_blocks():
        for i in range(size):
            if _is_at_one_time(words[ours + i], heard[theirs + i]):
                anew[ours + i] = heard[theirs + i]
    return tuple(anew)


def _is_at_one_time(one: Word, other: Word) -> bool:
    return abs(one.start_s - other.start_s) < JITTER_S and abs(one.end_s - other.end_s) < JITTER_S
