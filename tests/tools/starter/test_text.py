from pathlib import Path

import numpy as np
import pytest

from tools.starter.text import is_conventional, read_sentences, training_text

LINES = [f"this is sentence {word}, the one for reading;" for word in "abcdefghij" * 9]


@pytest.fixture
def sentences(tmp_path: Path) -> tuple[list[str], list[str]]:
    path = tmp_path / "sentences.txt"
    lines = [f"{line} {'x' * (index + 1)}." for index, line in enumerate(LINES)]
    path.write_text("\n".join(lines), "utf-8")
    return read_sentences(path)


def test_every_40th_line_is_held_out(sentences: tuple[list[str], list[str]]) -> None:
    training, held_out = sentences
    assert [text.split()[-1] for text in held_out] == ["x.", "x" * 41 + ".", "x" * 81 + "."]
    assert len(training) == 87
    assert not set(training) & set(held_out)


@pytest.mark.parametrize("seed", range(3))
def test_texts_to_train_on_obey_the_conventions(
    sentences: tuple[list[str], list[str]], seed: int
) -> None:
    training, held_out = sentences
    rng = np.random.default_rng(seed)
    for _ in range(1_000):
        text = training_text(training, rng)
        assert is_conventional(text), text
        assert 1 <= len(text.split()) <= 40
        assert not any(sentence.split()[-1] in text.split() for sentence in held_out)
