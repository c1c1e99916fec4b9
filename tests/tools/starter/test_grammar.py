import re

import numpy as np
import pytest

from tools.starter.grammar import (
    MAX_WORDS,
    START,
    dictation,
    everyday,
    held_out_dictation,
    is_held_out,
)
from tools.starter.text import is_conventional


def texts(n: int, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    return [dictation(rng) for _ in range(n)]


@pytest.mark.parametrize("seed", range(5))
def test_texts_obey_the_conventions(seed: int) -> None:
    for text in texts(2_000, seed):
        assert is_conventional(text), text
        assert 1 <= len(text.split()) <= MAX_WORDS
        assert not re.search(r"\ba [aeio](?!ne\b|nce\b)", text), text


def test_held_out_texts_are_never_trained_on() -> None:
    rng = np.random.default_rng(1)
    held_out = {held_out_dictation(rng) for _ in range(1_000)}
    assert not held_out.intersection(texts(20_000))
    assert all(is_conventional(text) for text in held_out)


def test_what_is_said_every_day_is_trained_on() -> None:
    assert not any(
        map(is_held_out, ["Scratch that.", "New line.", "Stop listening.", "Yes, please."])
    )
    assert {"Scratch that.", "New line.", "New paragraph.", "Full stop."} <= set(texts(20_000))


def test_vocabulary_is_broad() -> None:
    words = {word for text in texts(20_000) for word in re.findall(r"[a-z']+", text.lower())}
    assert len(words) >= 5_000


def test_same_seed_gives_the_same_texts() -> None:
    assert texts(50, 3) == texts(50, 3) != texts(50, 4)


def test_every_rule_is_defined_and_reached() -> None:
    grammar = everyday()
    reached, new = set[str](), {START}
    while new:
        reached |= new
        new = set[str]().union(*map(grammar.used_by, new)) - reached
    assert reached == set(grammar.choices)


def test_every_alternative_can_be_drawn() -> None:
    for choice in everyday().choices.values():
        assert all(np.diff([0, *choice.sums]) > 0)
        assert len(set(choice.texts)) == len(choice.texts) or choice.texts
