from pathlib import Path

import numpy as np
import pytest

from tools.starter.corpus import FULL_SCALE, Clip
from tools.starter.tokenizer import Tokenizer
from tools.starter.voices.speech import SAMPLE_RATE


def tones(*words: str, word_s: float = 0.3, gap_s: float = 0.1) -> Clip:
    """Return a clip in which each word is a tone, so that a test can hear where it is."""
    starts_s = np.arange(len(words), dtype=np.float64) * (word_s + gap_s)
    ends_s = starts_s + word_s
    moments = np.arange(round(ends_s[-1] * SAMPLE_RATE)) / SAMPLE_RATE
    is_said = ((moments[:, None] >= starts_s) & (moments[:, None] < ends_s)).any(axis=1)
    sound = 0.5 * np.sin(2 * np.pi * 440 * moments) * is_said
    return Clip((sound * FULL_SCALE).astype(np.int16), words, starts_s, ends_s, "tones")


@pytest.fixture(name="tokenizer", scope="session")
def fixture_tokenizer() -> Tokenizer:
    return Tokenizer(Path("sotto/assets/models/starter-en"))
