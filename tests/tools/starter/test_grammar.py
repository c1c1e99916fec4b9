import re

import numpy as np
import pytest

from tools.starter.conventions import is_conventional
from tools.starter.grammar import (
    MAX_WORDS,
    START,
    Grammar,
    dictation,
    everyday,
    held_out_dictation,
    is_held_out,
)


def grammar(text: str) -> Grammar:
    return Grammar(text.splitlines())


def all_of(text: str, n: int = 200) -> set[str]:
    rules = grammar(text)
    rng = np.random.default_rng(0)
    return {rules.expand("text", rng) for _ in range(n)}


def dictated(n: int, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    return [dictation(rng) for _ in range(n)]


def test_placeholders_stand_for_rules() -> None:
    rules = "text:\n    {who} came.\n    Stop.\nwho, words:\n    Anna Tom\n"
    assert all_of(rules) == {"Anna came.", "Tom came.", "Stop."}


def test_columns_are_forms_of_a_word() -> None:
    rules = "text:\n    we {verb.base} or {verb.past}\nverb [base past]:\n    go/went home\n"
    assert all_of(rules) == {"we go home or went home"}


def test_tilde_is_a_space_and_caret_makes_a_capital() -> None:
    assert all_of('text:\n    ^{what}. "^{what}."\nwhat, words:\n    full~stop\n') == {
        'Full stop. "Full stop."'
    }


@pytest.mark.parametrize("noun", ["an apple", "a user", "an hour", "a one-way street", "an uncle"])
def test_article_goes_with_its_noun(noun: str) -> None:
    assert all_of(f"text:\n    I saw a {noun.split(' ', 1)[1]}\n") == {f"I saw {noun}"}


def test_weights_say_how_often() -> None:
    rules = grammar("text:\n    9 * often\n    seldom\n")
    rng = np.random.default_rng(0)
    said = [rules.expand("text", rng) for _ in range(1_000)]
    assert 870 < said.count("often") < 930


def test_what_is_no_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="not the heading of a rule: 'text is'"):
        grammar("text is\n    Hello.\n")


@pytest.mark.parametrize("seed", range(5))
def test_texts_obey_the_conventions(seed: int) -> None:
    for text in dictated(2_000, seed):
        assert is_conventional(text), text
        assert 1 <= len(text.split()) <= MAX_WORDS
        assert text[0].isupper() or text[0] == '"', text
        plain = re.sub(r"\b[ap]\.m\.", "noon", text)
        assert not re.search(r"[.?!][.,?!]|[.?!] [a-z]", plain), text


def test_held_out_texts_are_never_trained_on() -> None:
    rng = np.random.default_rng(1)
    held_out = {held_out_dictation(rng) for _ in range(1_000)}
    training = dictated(20_000)
    sentences = {part for text in training for part in re.split(r"(?<=[.?!]) ", text)}
    assert not held_out & {*training, *sentences}
    assert all(is_conventional(text) for text in held_out)


def test_what_is_said_every_day_is_trained_on() -> None:
    orders = {"Scratch that.", "New line.", "New paragraph.", "Full stop.", "Stop listening."}
    assert not any(map(is_held_out, orders))
    assert orders <= set(dictated(20_000))


def test_vocabulary_is_broad() -> None:
    words = {word for text in dictated(20_000) for word in re.findall(r"[a-z']+", text.lower())}
    assert len(words) >= 8_000


def test_same_seed_gives_the_same_texts() -> None:
    assert dictated(50, 3) == dictated(50, 3) != dictated(50, 4)


def test_every_rule_is_defined_and_reached() -> None:
    reached, new = set[str](), {START}
    while new:
        reached |= new
        new = set[str]().union(*map(everyday().used_by, new)) - reached
    assert reached == set(everyday().choices)


def test_every_alternative_stands_once_and_can_be_drawn() -> None:
    for name, choice in everyday().choices.items():
        assert choice.texts, name
        assert all(np.diff([0, *choice.sums]) > 0), name
        if "." not in name or name.endswith((".one", ".base")):
            assert len(set(choice.texts)) == len(choice.texts), name
