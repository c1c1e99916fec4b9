from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.starter.text import (
    cut,
    distinct_words,
    is_conventional,
    read_sentences,
    read_training_sentences,
    training_text,
)

# Each ends in a word of its own, by which it is known again.
LINES = [f'this, {"a" * (n % 7 + 1)} is "sentence" number {"x" * (n + 2)}.' for n in range(90)]

CLEANED = {
    'He said: "Come (now)!"': 'He said: "Come now!"',
    'the "smell on first opening': "the smell on first opening",
    "the 'Edinburgh Review,' protested": "the Edinburgh Review, protested",
    "All have sung 'the Lamentation of a Sinner.'": "All have sung the Lamentation of a Sinner.",
    "the debtors' side wasn't 'tis": "the debtors' side wasn't 'tis",
    "Müller\N{RIGHT SINGLE QUOTATION MARK}s “café” \N{EN DASH} grâce": 'Muller\'s "cafe", grace',
    "three only -- or four": "three only, or four",
    "Lt. Day and Dr. Rose": "Lieutenant Day and Dr. Rose",
    "two   spaces ": "two spaces",
}


def read(tmp_path: Path, lines: list[str]) -> tuple[list[str], list[str]]:
    path = tmp_path / "sentences.txt"
    path.write_text("\n".join(lines), "utf-8")
    return read_sentences(path)


def test_every_40th_line_is_held_out(tmp_path: Path) -> None:
    training, held_out = read(tmp_path, LINES)
    assert held_out == [LINES[0], LINES[40], LINES[80]]
    assert training == [line for line in LINES if line not in held_out]


def test_a_held_out_line_that_comes_again_is_not_trained_on(tmp_path: Path) -> None:
    training, held_out = read(tmp_path, ["twice", "once", "twice"])
    assert (training, held_out) == (["once"], ["twice"])


@pytest.mark.parametrize(("line", "cleaned"), CLEANED.items())
def test_sentences_are_cleaned(tmp_path: Path, line: str, cleaned: str) -> None:
    assert read(tmp_path, [line]) == ([], [cleaned])


@pytest.mark.parametrize("line", ["in 1490", "50% off", "Москва", "so = so", "", '"'])
def test_what_cannot_be_cleaned_is_left_out(tmp_path: Path, line: str) -> None:
    assert read(tmp_path, ["first", line]) == ([], ["first"])


def test_everyday_sentences_end_with_a_stop(tmp_path: Path) -> None:
    books, everyday = tmp_path / "books.txt", tmp_path / "everyday.txt"
    books.write_text("held out\nPart of a")
    everyday.write_text('Held out.\nI know\nWho?\n"Well," he said\n"Oh, yes."')
    assert read_training_sentences(books, everyday) == [
        "Part of a",
        "I know.",
        "Who?",
        '"Well," he said.',
        '"Oh, yes."',
    ]


def test_distinct_words_are_small_where_they_may_be() -> None:
    sentences = ['The cat, the "dog" and Anna.', "Dog-ears: it's Anna's - Cat!"]
    words = ["Anna", "Anna's", "Dog-ears", "and", "cat", "dog", "it's", "the"]
    assert distinct_words(sentences) == words


@pytest.mark.parametrize("seed", range(3))
def test_texts_to_train_on_obey_the_conventions(tmp_path: Path, seed: int) -> None:
    training, held_out = read(tmp_path, LINES)
    own_words = {sentence.split()[-1].strip(".") for sentence in held_out}
    words = distinct_words(training)
    rng = np.random.default_rng(seed)
    for _ in range(1_000):
        text = training_text(training, words, rng)
        assert is_conventional(text), text
        assert 1 <= len(text.split()) <= 40
        assert not own_words & set(text.lower().replace(".", "").split())


@given(st.integers(1, 60), st.integers(0, 10_000))
@settings(deadline=None)
def test_a_phrase_is_a_part_of_its_sentence(n: int, seed: int) -> None:
    words = [f"{chr(97 + at % 26)}{'b' * at}{',' if at % 5 == 4 else ''}" for at in range(n)]
    phrase = cut(" ".join(words), np.random.default_rng(seed))
    assert is_conventional(phrase)
    assert 1 <= len(phrase.split()) <= 16
    small = phrase[0].lower() + phrase[1:].rstrip(".,")
    assert small in " ".join(words)
    assert phrase.endswith(".") == phrase[0].isupper()


def test_phrases_have_3_to_12_words_as_a_rule() -> None:
    rng = np.random.default_rng(0)
    lengths = [len(cut("word " * 30, rng).split()) for _ in range(1_000)]
    assert sum(3 <= length <= 12 for length in lengths) > 750
    assert {1, 16} <= set(lengths)
