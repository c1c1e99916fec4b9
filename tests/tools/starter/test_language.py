from pathlib import Path

import numpy as np
import pytest

from tools.starter.language import N_TOKENS, Excerpts
from tools.starter.text import TextSources
from tools.starter.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(Path("sotto/assets/models/starter-en"))


def test_an_excerpt_is_a_sentence_and_those_behind_it(tokenizer: Tokenizer) -> None:
    novels = [f"Sentence {'very ' * n}long." for n in range(40)]
    sources = TextSources(["Known."], novels, ["A gloss."], [])
    excerpts = Excerpts(sources, tokenizer, np.random.default_rng(0))
    batch = next(excerpts.batches(50))
    assert batch.shape == (50, 1 + N_TOKENS)
    assert set(batch[:, 0]) == {tokenizer.start_of_lm}
    book = tokenizer.encode("".join(f" {novel}" for novel in novels))
    texts = {tuple(book[at : at + N_TOKENS]) for at in range(len(book) - N_TOKENS)}
    begin = tokenizer.encode(" Sentence")
    for row in batch[:, 1:].tolist():
        assert row[: len(begin)] == begin
        assert tuple(row) in texts
