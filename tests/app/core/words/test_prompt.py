from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.words import Prompt, prompt
from sotto.app.core.words.vocabulary_prompt import MOST_TOKENS
from sotto.inference.checkpoint.vocabulary import bundled_tokenizer

tokenizer = bundled_tokenizer(51864, Path("model.pt"))


def n_tokens(text: str) -> int:
    return len(tokenizer.encode(f" {text}"))


def test_vocabulary_becomes_a_glossary() -> None:
    made = prompt([" Anna  Björk", "Köln", "", "Köln"], n_tokens)
    assert made == Prompt("Glossary: Anna Björk, Köln.")


def test_without_vocabulary_there_is_no_prompt() -> None:
    assert prompt([], n_tokens) == prompt([" "], n_tokens) == Prompt("")


@pytest.mark.parametrize("name", ["Ngoc Nguyễn Văn", "kubectl", "王小明"])
def test_what_fits_is_kept_and_the_rest_told(name: str) -> None:
    names = [f"{name} {n}" for n in range(100)]
    made = prompt(names, n_tokens)
    assert made.text == f"Glossary: {', '.join(names[: -len(made.left_out)])}."
    assert MOST_TOKENS - 20 < n_tokens(made.text) <= MOST_TOKENS


@given(st.lists(st.text(st.characters(categories=["L", "N"]), max_size=12), max_size=60))
def test_nothing_gets_lost(terms: list[str]) -> None:
    made = prompt(terms, n_tokens)
    assert all(term in made.text or term in made.left_out for term in terms)
