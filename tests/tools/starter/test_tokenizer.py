from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sotto.inference.checkpoint import load_checkpoint
from tools.starter.grammar import dictation
from tools.starter.tokenizer import Tokenizer

FOLDER = Path("sotto/assets/models/starter-en")
TRAINED = Tokenizer(FOLDER)
SHIPPED = load_checkpoint(FOLDER).tokenizer


@given(st.integers(0, 2**32))
def test_training_writes_the_tokens_that_sotto_reads(seed: int) -> None:
    text = " " + dictation(np.random.default_rng(seed))
    assert TRAINED.encode(text) == SHIPPED.encode(text)
    assert SHIPPED.decode(TRAINED.encode(text)) == text


def test_special_tokens_have_the_numbers_that_sotto_reads() -> None:
    assert TRAINED.vocab_size == SHIPPED.n_vocab
    assert TRAINED.sot == SHIPPED.sot
    assert TRAINED.timestamp_begin == SHIPPED.timestamp_begin
    assert TRAINED.no_timestamps == SHIPPED.no_timestamps
