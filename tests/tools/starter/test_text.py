from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.starter.config import TextFiles
from tools.starter.conventions import is_conventional
from tools.starter.text import (
    TextSources,
    cut,
    distinct_words,
    read_sentences,
    read_sources,
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


NOVEL = """by Nobody
*** START OF THIS BOOK ***
CHAPTER I

"Well," said Mr. Rose. "_Come_
in--now!" He did. In 1490 it rained.

Who?
*** END OF THIS BOOK ***
"""


@pytest.fixture
def sources(tmp_path: Path) -> TextSources:
    texts = {
        "books": "held out\nPart of a",
        "everyday": 'Held out.\nI know\nWho?\n"Well," he said\n"Oh, yes."',
        "words": "know\nknow's\nZürich\nkg\nWWW\n3-D",
        "novel.txt": NOVEL,
        "data.noun": "  1 the licence\n01 n | (of wood) a board (or two) of 1 inch\n"
        '02 n | a way; "i lost it"; "the way!"- Milton; "in 1490" \n',
        "data.verb": '03 v | "a dog barks" ',
        "data.adj": "",
        "data.adv": "",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    books, everyday, words = (tmp_path / name for name in ("books", "everyday", "words"))
    return read_sources(TextFiles(books, everyday, tmp_path, tmp_path, words))


def test_novels_are_read_sentence_by_sentence(sources: TextSources) -> None:
    assert sources.novels == ['"Well," said Mr. Rose.', '"Come in, now!"', "He did.", "Who?"]


def test_everyday_sentences_end_with_a_stop(sources: TextSources) -> None:
    assert sources.sentences == ["Part of a", "I know.", "Who?", '"Well," he said.', '"Oh, yes."']


def test_glosses_become_sentences(sources: TextSources) -> None:
    assert sources.glosses == ["A way.", "I lost it.", "The way!", "A dog barks."]


def test_words_of_the_dictionary_are_clean(sources: TextSources) -> None:
    assert {"know", "Zurich", "Well"} <= set(sources.words)
    assert not {"know's", "3-D", "kg", "WWW"} & set(sources.words)


def test_distinct_words_are_small_where_they_may_be() -> None:
    sentences = ['The cat, the "dog" and Anna.', "Dog-ears: it's Anna's - Cat!"]
    words = ["Anna", "Anna's", "Dog-ears", "and", "cat", "dog", "it's", "the"]
    assert distinct_words(sentences) == words


@pytest.mark.parametrize("seed", range(3))
def test_texts_to_train_on_obey_the_conventions(tmp_path: Path, seed: int) -> None:
    training, held_out = read(tmp_path, LINES)
    own_words = {sentence.split()[-1].strip(".") for sentence in held_out}
    sources = TextSources(training, ["He did."], ["A way."], distinct_words(training))
    rng = np.random.default_rng(seed)
    for _ in range(1_000):
        text = training_text(sources, rng)
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
