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
    after_sentence: float = 0.6
    inside_sentence: float = 1.3


def wait(text: Text, settings: WaitSettings = WaitSettings()) -> float:
    """Return how long to wait for more of `text`, as a part of the usual silence."""
    if not text.whole:
        return 1.0
    if not ends_sentence(text.whole) or text.whole.endswith("..."):
        return settings.inside_sentence
    return settings.after_sentence if text.end_probability >= settings.sure else 1.0
