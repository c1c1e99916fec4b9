"""Which language a segment is in: what the model hears, weighed against what was spoken before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sotto.inference.tokenizer import Tokenizer

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class LanguageSettings:
    """How much evidence a language needs.

    With these, of 476 pieces of speech in seven languages base takes 12 % of those of 1 s for
    another language, 5 % of 2 s and none of the 108 of 3 or 5 s (`tools/measure_languages.py`);
    where speakers take turns after every fourth piece, 0.4 % of those of 3 s and more. The values
    were chosen on these same pieces (of English, on a quarter), from 17 recordings in other
    languages: they are no estimate for other speakers. Of espeak-ng's voices, which nothing was
    chosen on, half of 3 s and more are taken wrongly, nearly as many as with the likeliest
    language in a window of 30 s.
    """

    # Less sound than this does not tell a language for sure; openai-whisper takes 30 s.
    clear_s: float = 3.0
    # A probability that seven of ten pieces reach, short ones too; of 179 such one was wrong, of
    # espeak-ng's 7 of 17.
    sure: float = 0.8
    # How many times likelier than the language spoken last another one has to be in `clear_s`.
    # More keeps people in their language who say a word at a time, and misses more changes of it.
    stay: float = 3.0
    # Likewise, than the expected one where nothing was spoken yet.
    expect: float = 2.0
    # Less sound than this asks for no more evidence: there is hardly a word in it.
    shortest_s: float = 0.5
    # While a segment is short, what it was last taken for holds until it has grown so much.
    growth: float = 1.5


class LanguageChoice:
    """Says which language each segment of a session is in. Owned by the engine thread.

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
        self._expected = expected
        self._settings = settings
        self._last: str | None = None
        self.begin()

    def begin(self) -> None:
        """Begin a segment."""
        self._heard_s = 0.0
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
        if len(self._allowed) == 1 or self._heard_s >= self._settings.clear_s:
            return False
        growth = 1.0 if final else self._settings.growth
        return self._language is None or heard_s > growth * self._heard_s

    def observe(
        self, probabilities: Mapping[str, float], heard_s: float, *, is_whole: bool = False
    ) -> str:
        """Return the language of a segment.

        Args:
            probabilities: of each language that the model knows, by `detect_language`.
            heard_s: seconds of the segment that it heard.
            is_whole: whether in a window of 30 s, the only one that stock weights know.
        """
        heard = {code: p for code, p in probabilities.items() if code in self._allowed}
        heard = heard or dict(probabilities)
        language = max(heard, key=lambda code: heard[code] * self._odds(code, heard_s))
        # What was spoken before makes nothing sure: a change would be noticed too late.
        self._is_sure = heard[language] >= self._settings.sure * sum(heard.values())
        is_long = heard_s >= self._settings.clear_s
        self._in_doubt = is_long and not (self._is_sure or is_whole)
        self._language, self._heard_s = language, heard_s
        return language

    def keep(self) -> None:
        """Take note that the segment has words, so that the next is expected to go on so."""
        self._last = self._language

    def _odds(self, code: str, heard_s: float) -> float:
        """Return how many times likelier a language is for what was known before the segment."""
        familiar, odds = self._last, self._settings.stay
        if familiar is None:
            familiar, odds = self._expected, self._settings.expect
        if code != familiar:
            return 1.0
        # A third of the sound has to be three times as clear, in logarithms.
        heard_s = max(heard_s, self._settings.shortest_s)
        return float(odds ** max(1.0, self._settings.clear_s / heard_s))


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
