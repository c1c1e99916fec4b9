"""How long to wait in a pause, by what was said before it.

Somebody who has ended a sentence is probably done; in the middle of one he thinks of the next
word. `tools/measure_streaming.py` counts the finals that end inside a sentence.
"""

from dataclasses import dataclass

from sotto.inference.streaming.trim import ends_sentence
from sotto.inference.streaming.utterance import Text


@dataclass(frozen=True, slots=True)
class WaitSettings:
    """Parts of the silence that ends an utterance; `tools/measure_endpoints.py` compares others."""

    # The probability of the mark from which on the model is sure.
    sure: float = 0.7
    # Even sure ends are now and then none; what follows is heard together with this then, and the
    # full stop is taken back.
    after_sentence: float = 0.5
    # Where the model is not sure that it ended.
    inside_sentence: float = 1.3


def wait(text: Text, settings: WaitSettings = WaitSettings()) -> float:
    """Return how long to wait for more of `text`, as a part of the usual silence.

    Args:
        text: what was said.
        settings: the parts.
    """
    if not text.whole:
        return 1.0
    is_whole = ends_sentence(text.whole) and not text.whole.endswith("...")
    is_sure = is_whole and text.end_probability >= settings.sure
    return settings.after_sentence if is_sure else settings.inside_sentence
