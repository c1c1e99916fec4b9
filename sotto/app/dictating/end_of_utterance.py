"""How long to wait in a pause, by what was said before it.

Somebody who has ended a sentence is probably done; in the middle of one he thinks of the next
word. `tools/measure_streaming.py` counts the finals that end inside a sentence.
"""

from dataclasses import dataclass

from sotto.inference.streaming.trim import ends_sentence
from sotto.inference.streaming.utterance import Text


@dataclass(frozen=True, slots=True)
class WaitSettings:
    """Parts of the silence that ends an utterance."""

    # The probability of the mark from which on the model is sure.
    sure: float = 0.7
    # Shorter sentences are often the beginning of one: "Ask not."
    least_words: int = 1
    after_sentence: float = 0.6
    # Where it ends like a sentence, but is short, or the model is not sure.
    perhaps_inside: float = 1.0
    inside_sentence: float = 1.3


def wait(text: Text, settings: WaitSettings = WaitSettings()) -> float:
    """Return how long to wait for more of `text`, as a part of the usual silence."""
    if not text.whole:
        return 1.0
    if not ends_sentence(text.whole) or text.whole.endswith("..."):
        return settings.inside_sentence
    is_long = _n_words_of_sentence(text.whole) >= settings.least_words
    is_sure = text.end_probability >= settings.sure
    return settings.after_sentence if is_long and is_sure else settings.perhaps_inside


def _n_words_of_sentence(text: str) -> int:
    """Return how many words the last sentence has."""
    before = text.split()[:-1]
    ends = [n for n, word in enumerate(before, 1) if ends_sentence(word)]
    return len(before) + 1 - (ends[-1] if ends else 0)
