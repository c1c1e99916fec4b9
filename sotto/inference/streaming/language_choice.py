"""Which language a segment is in: what the model hears, weighed against what was spoken before."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sotto.inference.tokenizer import Tokenizer

ENGLISH = "en"
LEAST_PROBABILITY = 1e-9  # as good as none, and it has a logarithm

LogOdds = dict[str, float]


@dataclass(frozen=True, slots=True)
class LanguageSettings:
    """How much evidence a language needs; `tools/measure_languages.py` says what comes of it."""

    # Less sound than this does not tell a language for sure; openai-whisper takes 30 s.
    clear_s: float = 3.0
    # A probability that seven of ten pieces reach, short ones too.
    sure: float = 0.8
    # Evidence, in logarithms, counts by this power of the share of `clear_s`. Base takes half of
    # the words that are said alone for another language than they are in, and few sentences.
    power: float = 1.7
    # How many times likelier than the language spoken last a new one has to be in `clear_s`.
    stay: float = 4.0
    # Likewise, one that was surely spoken before in the session.
    back: float = 2.0
    # Likewise, one that is not expected, where nothing was spoken yet.
    expect: float = 2.0
    # How much of the evidence of less than `clear_s` counts for what comes after it: words of one
    # voice are mistaken for the same language.
    memory: float = 0.5
    # Of less sound than this nothing makes sure that a language is spoken: where the model is, it
    # is wrong about a quarter of shorter pieces, and 3 of 126 of 2 to 3 s.
    telling_s: float = 2.0
    # Less sound than this asks for no more evidence: there is hardly a word in it.
    shortest_s: float = 0.5
    # While a segment is short, what it was last taken for holds until it has grown so much, and
    # so much where the model is not sure of it.
    growth: float = 1.5
    unsure_growth: float = 1.2


class LanguageChoice:
    """Says which language each segment of a session is in. Owned by the engine thread.

    A forward pass of a hidden Markov model, in logarithms, of which only the likeliest way to each
    language counts: what the model hears in a segment, weighed by how long it is, is added to what
    was heard before, and any language may follow the likeliest at a price.

    For each segment call `begin`; then, at each decode for which `is_open`, `observe`, and where
    that leaves it `in_doubt`, once more with what the model hears in its whole window; and `keep`
    once the segment has words.
    """

    def __init__(
        self,
        allowed: Collection[str] = (),
        expected: str | None = None,
        settings: LanguageSettings = LanguageSettings(),
    ) -> None:
        """Begin a session.

        Args:
            allowed: codes of the languages that may be spoken; none for any.
            expected: code of the likeliest language, such as the system's.
            settings: how much evidence a language needs.
        """
        self._allowed = frozenset(allowed)
        self._settings = settings
        self._spoken: set[str] = set()  # surely, in this session
        # The logarithm of how likely each language is, in some unit; 0 for one that isn't there.
        self._known: LogOdds = {expected: math.log(settings.expect)} if expected else {}
        self._next = self._known
        self.begin()

    def begin(self) -> None:
        """Begin a segment."""
        self._known = self._next
        self._evidence: LogOdds = {}
        self._heard_s = self._speech_s = 0.0
        self._is_sure = False
        self._in_doubt = False
        self._language = next(iter(self._allowed)) if len(self._allowed) == 1 else None

    @property
    def language(self) -> str | None:
        """The code of the language that the segment is in, as far as is known."""
        return self._language

    @property
    def is_settled(self) -> bool:
        """Whether the segment will hardly be taken for another language."""
        is_long = self._heard_s >= self._settings.clear_s
        return len(self._allowed) == 1 or self._is_sure or is_long

    @property
    def in_doubt(self) -> bool:
        """Whether a segment that is long enough is not clear in a short window."""
        return self._in_doubt

    def is_open(self, heard_s: float, *, final: bool = False) -> bool:
        """Return whether to ask the model, which costs a step of its decoder.

        Args:
            heard_s: seconds of the segment that can be heard now.
            final: whether the segment is complete, so that accuracy goes before speed.
        """
        if len(self._allowed) == 1 or self._is_closed:
            return False
        growth = self._settings.growth if self._is_sure else self._settings.unsure_growth
        return self._language is None or heard_s > (1.0 if final else growth) * self._heard_s

    @property
    def _is_closed(self) -> bool:
        """Whether more sound will hardly tell more."""
        clear_s = self._settings.clear_s
        return self._speech_s >= clear_s or (self._is_sure and self._heard_s >= clear_s)

    def observe(
        self,
        probabilities: Mapping[str, float],
        heard_s: float,
        speech_s: float | None = None,
        *,
        is_whole: bool = False,
    ) -> str:
        """Return the language of a segment.

        Args:
            probabilities: of each language that the model knows, by `detect_language`.
            heard_s: seconds of the segment that it heard.
            speech_s: without the silence before and behind; None for all of it.
            is_whole: whether in a window of 30 s, the only one that stock weights know.
        """
        heard = {code: p for code, p in probabilities.items() if code in self._allowed}
        heard = heard or dict(probabilities)
        self._speech_s = heard_s if speech_s is None else speech_s
        clear_s, shortest_s = self._settings.clear_s, self._settings.shortest_s
        weight = min(1.0, max(self._speech_s, shortest_s) / clear_s) ** self._settings.power
        self._evidence = {
            code: weight * math.log(max(p, LEAST_PROBABILITY)) for code, p in heard.items()
        }
        odds = self._odds(1.0)
        language = max(odds, key=odds.__getitem__)
        # What was spoken before makes nothing sure: a change would be noticed too late.
        self._is_sure = heard[language] >= self._settings.sure * sum(heard.values())
        is_long = heard_s >= self._settings.clear_s
        self._in_doubt = is_long and not (self._is_sure or is_whole)
        self._language, self._heard_s = language, heard_s
        return language

    def keep(self) -> None:
        """Take note that the segment has words, so that the next is expected to go on so."""
        if self._language is None or not self._evidence:
            return
        settings = self._settings
        if self.is_settled and self._speech_s >= settings.telling_s:
            self._spoken.add(self._language)
        odds = self._odds(1.0 if self._speech_s >= settings.clear_s else settings.memory)
        top = max(odds.values())
        back, new = (-math.log(times) for times in (settings.back, settings.stay))
        self._next = {
            code: max(value - top, back if code in self._spoken else new)
            for code, value in odds.items()
        }

    def _odds(self, share: float) -> LogOdds:
        """Return how likely each language is by what is known and a share of what is heard."""
        return {
            code: self._known.get(code, 0.0) + share * evidence
            for code, evidence in self._evidence.items()
        }


def choice_for(
    tokenizer: Tokenizer, language: str | None, allowed: Collection[str], expected: str | None
) -> LanguageChoice:
    """Return the choice of a session with a model of this tokenizer.

    Args:
        tokenizer: the model's; one for English alone hears English, whatever is asked for.
        language: the only one that is spoken; None to detect it.
        allowed: those that may be detected; none for any.
        expected: the likeliest.
    """
    if not tokenizer.is_multilingual:
        return LanguageChoice((ENGLISH,))
    return LanguageChoice((language,) if language else allowed, expected)
