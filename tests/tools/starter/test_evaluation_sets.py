"""The sets that are spoken for an evaluation, by flite."""

from dataclasses import replace
from itertools import islice, pairwise

import numpy as np
import pytest

from tools.starter.config import read_config
from tools.starter.evaluation_clips import SAMPLE_RATE, Spoken
from tools.starter.evaluation_sets import (
    PARAGRAPH_S,
    PARAGRAPH_SENTENCES,
    PAUSE_S,
    Materials,
    dictation,
    everyday,
    held_out_sentences,
    nothing,
    paragraphs,
)
from tools.starter.grammar import is_held_out
from tools.starter.voices import Share

SENTENCES = (
    "He rode all night with the letter in his coat, and was in London before the banks opened.",
    "Nobody had seen her since.",
    "The prisoners were let out into the yard twice a day, in the morning and in the evening.",
)
EVERYDAY = ("Where are my keys?", "I will call you back in an hour.")
EDGE_S = 0.1  # what is left around speech for soft consonants, and where voices are not exact


@pytest.fixture(name="materials", scope="module")
def materials_fixture() -> Materials:
    only_flite = replace(read_config(), share=Share(espeak=0, flite=1, festival=0, foreign=0))
    return Materials(only_flite, SENTENCES, EVERYDAY, count=4)


def silent_outside(spoken: Spoken) -> bool:
    """True if there is no sound but in the segments."""
    pcm = spoken.pcm.copy()
    for start_s, end_s in spoken.segments:
        first, last = (round(s * SAMPLE_RATE) for s in (start_s - EDGE_S, end_s + EDGE_S))
        pcm[max(0, first) : last] = 0
    return not pcm.any()


def test_sentences_are_said_one_by_one_and_again_the_same(materials: Materials) -> None:
    spoken = list(held_out_sentences(materials))
    assert [one.text for one in spoken] == [*SENTENCES, SENTENCES[0]]
    assert all(len(one.segments) == 1 and silent_outside(one) for one in spoken)
    for one, again in zip(spoken, held_out_sentences(materials), strict=True):
        assert one.voice == again.voice
        assert one.segments == again.segments
        np.testing.assert_array_equal(one.pcm, again.pcm)


def test_everyday_sentences_are_said_one_by_one_and_again(materials: Materials) -> None:
    spoken = list(everyday(materials))
    assert [one.text for one in spoken] == [*EVERYDAY, *EVERYDAY]
    assert all(silent_outside(one) for one in spoken)


def test_a_paragraph_is_sentences_with_pauses(materials: Materials) -> None:
    [spoken] = paragraphs(materials)
    assert PARAGRAPH_S[0] <= len(spoken.pcm) / SAMPLE_RATE <= PARAGRAPH_S[1]
    assert PARAGRAPH_SENTENCES[0] <= len(spoken.segments) <= PARAGRAPH_SENTENCES[1]
    assert silent_outside(spoken)
    assert all(sentence in spoken.text for sentence in SENTENCES[:2])
    pauses = [after[0] - before[1] for before, after in pairwise(spoken.segments)]
    assert all(PAUSE_S[0] <= pause <= PAUSE_S[1] + 2 * EDGE_S for pause in pauses)


def test_dictation_is_of_texts_that_nobody_trained_on(materials: Materials) -> None:
    spoken = list(dictation(materials))
    assert len({one.text for one in spoken}) == materials.count
    assert all(is_held_out(one.text) for one in spoken)


def test_nothing_has_sound_but_no_text(materials: Materials) -> None:
    spoken = list(islice(nothing(materials), 3))
    assert any(one.pcm.any() for one in spoken)
    assert {(one.text, one.segments) for one in spoken} == {("", ())}
