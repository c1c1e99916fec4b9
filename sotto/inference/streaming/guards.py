"""Guards against text that nobody said, beside openai-whisper's own thresholds.

A decoder that loops and a speaker who repeats himself write the same text. What tells them apart
is time: the words of a loop lie on one another, those of a speaker take time each.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sotto.inference.decoding.result import DecodingResult
from sotto.inference.streaming.recogniser import Word

LONGEST_WORD = 100
"""Letters. Longer than any German compound in use; a decoder fell into "Aaaaaa…" once."""


_DRAWN_OUT = re.compile(r"([^\W\d])\1{5}", re.IGNORECASE)
"""A letter six times, "Aaaaaa": what models write down of a baby, a siren, a cheer."""


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Where plausible text ends."""

    # More probably no speech than this, and less likely text than that. In the end as in
    # openai-whisper, where stricter ones drop more that was said than they keep out
    # (`voiced_recogniser`); before that what is unlikely is mostly taken back soon.
    invented: tuple[tuple[float, float], ...] = ((0.6, -1.0),)
    invented_yet: tuple[tuple[float, float], ...] = ((0.6, -0.6), (0.35, -1.0), (0.15, -1.1))
    # Words in a row that share the time of one encoder position each, 20 ms. The quickest words
    # that people repeat have 0.1 to 0.2 s; single ones may be timed at no length at all.
    squeezed_words: int = 3
    squeezed_s: float = 0.02
    # One to six words that follow one another four times are a loop where there are more words
    # than anybody says in that time.
    words_per_s: float = 6.0
    words_extra: int = 1
    repeats: int = 3
    longest_gram: int = 6
    # The fastest speakers reach 8 tokens a second; a short window may hold one long word.
    tokens_per_s: float = 8.0
    # Scripts that the vocabulary spells byte by byte; measured: Burmese 42, Georgian 31.
    spelled_tokens_per_s: float = 45.0
    tokens_extra: int = 12


SPELLED = frozenset(
    "am as bn bo fa gu hi hy ka km kn lo ml mr my ne pa ps sa sd si ta te th ur yi".split()  # noqa: SIM905 (a line, not thirty)
)
"""Languages whose letters take one to three tokens each (openai-whisper's vocabulary)."""


def token_cap(seconds: float, settings: GuardSettings, language: str | None) -> int:
    """Return the most tokens that `seconds` of speech can give.

    Args:
        seconds: of speech.
        settings: how quick speech can be.
        language: that is spoken; None where it is not known yet.
    """
    is_spelled = language is None or language in SPELLED
    rate = settings.spelled_tokens_per_s if is_spelled else settings.tokens_per_s
    return int(rate * seconds) + settings.tokens_extra


def is_invented(result: DecodingResult, settings: GuardSettings, *, final: bool) -> bool:
    """Whether the model takes the sound for no speech, and is not sure of the text either.

    As openai-whisper's `transcribe` does (no_speech_threshold, logprob_threshold). Whether there is
    a voice at all is not for the model to say: `voiced_recogniser`.
    """
    return any(
        result.no_speech_prob > no_speech and result.avg_logprob < logprob
        for no_speech, logprob in (settings.invented if final else settings.invented_yet)
    )


def has_no_time(words: Sequence[Word], held_s: float, settings: GuardSettings) -> bool:
    """Whether some of the words cannot have been said in `held_s` seconds of sound."""
    return len(without_invented(words, held_s, settings)) < len(words)


def without_invented(
    words: Sequence[Word], held_s: float, settings: GuardSettings
) -> tuple[Word, ...]:
    """Return the words before the first that nobody can have said.

    Args:
        words: of one window.
        held_s: seconds of sound in it.
        settings: what can be said.
    """
    starts = [_squeezed_start(words, settings), _endless_word(words)]
    if len(words) > settings.words_per_s * held_s + settings.words_extra:
        starts.append(loop_start([word.text.strip().casefold() for word in words], settings))
    return tuple(words[: min((start for start in starts if start is not None), default=None)])


def _squeezed_start(words: Sequence[Word], settings: GuardSettings) -> int | None:
    """Return the first word of a run that shares no time; None without such.

    Words of two decodes may seem to go back in time, which says nothing about them.
    """
    n_least = settings.squeezed_words
    for start in range(len(words) - n_least + 1):
        run = words[start : start + n_least]
        if 0 <= run[-1].end_s - run[0].start_s <= n_least * settings.squeezed_s:
            return start
    return None


def _endless_word(words: Sequence[Word]) -> int | None:
    """Return the first word with more letters than any word has, or with one letter in a row."""
    return next((i for i, word in enumerate(words) if _is_endless(word.text)), None)


def _is_endless(text: str) -> bool:
    return len(text) > LONGEST_WORD or _DRAWN_OUT.search(text) is not None


def loop_start(words: Sequence[str], settings: GuardSettings) -> int | None:
    """Return how many words come before the first repetition of a loop; None without a loop.

    A loop is one to six words that are followed by at least `repeats` copies of themselves up to
    the end of the text: a decoder that loops does not find out again, while a speaker who
    repeats himself goes on.
    """
    for length in range(1, settings.longest_gram + 1):
        n_looping = _n_periodic(words, length)
        if n_looping >= (settings.repeats + 1) * length:
            return len(words) - n_looping + length
    return None


def _n_periodic(words: Sequence[str], period: int) -> int:
    """Return how many words at the end repeat with this period; the first copy counts."""
    pairs = zip(reversed(words), reversed(words[:-period]), strict=False)
    n_equal = next((i for i, (word, before) in enumerate(pairs) if word != before), None)
    return len(words) if n_equal is None else n_equal + period
