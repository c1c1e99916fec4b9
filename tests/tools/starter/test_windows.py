from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.starter.conftest import tones
from tests.tools.starter.test_passages import is_loud
from tools.starter.augment import AugmentationSettings, Augmenter
from tools.starter.config import WindowSettings, read_config
from tools.starter.passages import Passage
from tools.starter.voices.speech import SAMPLE_RATE
from tools.starter.windows import GRANULE, MAX_S, MIN_S, Window, WindowMaker

CLIPS = [tones(*["it", "was", "the", "best", "of", "times"]), tones("no"), tones(*("word",) * 30)]
SETTINGS = read_config().windows
AUGMENTATION = AugmentationSettings()
AUGMENTER = Augmenter(AUGMENTATION, [], np.random.default_rng(0))
seeds = st.integers(0, 2**32)


def drawn(seed: int, settings: WindowSettings = SETTINGS, strength: float = 0.0) -> Window:
    maker = WindowMaker(CLIPS, settings, AUGMENTER, AUGMENTATION, strength)
    return maker.draw(np.random.default_rng(seed))


@given(seeds, st.floats(0, 1))
def test_every_window_is_one_that_the_model_can_hear(seed: int, strength: float) -> None:
    window = drawn(seed, strength=strength)
    assert len(window.pcm) % GRANULE == 0
    assert MIN_S <= len(window.pcm) / SAMPLE_RATE <= MAX_S
    assert np.isfinite(window.pcm).all()
    times = [t for line in window.lines for t in (line.starts_s[0], line.ends_s[-1])]
    assert times == sorted(times)
    assert not times or (times[0] >= 0 and times[-1] <= len(window.pcm) / SAMPLE_RATE + 0.02)


@given(seeds, st.sampled_from(["cut", "long", "pause", "prompt"]))
def test_words_are_where_the_window_says(seed: int, kind: str) -> None:
    plain = replace(SETTINGS, nothing=0, cut=0, long=0, pause=0, prompt=0)
    window = drawn(seed, replace(plain, **{kind: 1.0}))
    loudest = np.abs(window.pcm).max()
    for line in window.lines:
        heard = Passage(window.pcm / loudest, line.words, line.starts_s, line.ends_s)
        # The last word of a window that ends early may have lost its end.
        assert all(is_loud(heard, word) for word in range(len(line.words)))


@given(seeds)
def test_a_window_with_nothing_in_it_has_no_words(seed: int) -> None:
    window = drawn(seed, replace(SETTINGS, nothing=1.0))
    assert window.lines == ()
    assert window.prompt == ""


def test_prompts_come_from_before_or_name_words_that_may_come() -> None:
    settings = replace(SETTINGS, prompt=1.0, glossary=1.0, nothing=0, long=0)
    windows = [drawn(seed, settings) for seed in range(50)]
    said = [window for window in windows if window.prompt]
    assert len(said) > 20
    assert any(
        f"{window.prompt} {line.text}" == "it was the best of times"
        for window in said
        for line in window.lines
    )


@pytest.mark.parametrize("kind", ["cut", "long", "pause", "prompt", "nothing"])
def test_the_same_seed_gives_the_same_window(kind: str) -> None:
    settings = replace(SETTINGS, **{kind: 1.0})
    first, second = drawn(3, settings, 1.0), drawn(3, settings, 1.0)
    assert np.array_equal(first.pcm, second.pcm)
    assert [line.words for line in first.lines] == [line.words for line in second.lines]
