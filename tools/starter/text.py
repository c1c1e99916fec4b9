"""What is spoken to the model while it learns: sentences, parts of them, dictation, rare words."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tools.starter.config import TextFiles
from tools.starter.conventions import cleaned, is_conventional, is_sayable, with_whole_quotes
from tools.starter.grammar import MAX_WORDS, dictation
from tools.starter.novels import read_novels
from tools.starter.wordnet import read_glosses

HELD_OUT_EVERY = 40  # line 0, 40, 80 … of the file

# Most of what is dictated is shorter, and short windows are what the model is made for.
LONG_WORDS = 22

# How a clip's text is made, and how often.
KINDS = {
    "sentence": 0.2,
    "phrase": 0.15,
    "novel": 0.2,
    "gloss": 0.1,
    "dictation": 0.25,
    "salad": 0.1,
}

_SENTENCE_END = (".", "?", "!")
_CLAUSE_END = (",", ";", ":", *_SENTENCE_END)
_MARKS = ".,?!'\";:-"


def read_sentences(path: Path) -> tuple[list[str], list[str]]:
    """Read a file of a sentence a line.

    Returns:
        Those to train on and those to measure with: every 40th line. Sentences that cannot be
        brought to the conventions are left out.
    """
    training: list[str] = []
    held_out: list[str] = []
    for index, line in enumerate(path.read_text("utf-8").splitlines()):
        sentence = cleaned(line)
        if is_conventional(sentence):
            (training if index % HELD_OUT_EVERY else held_out).append(sentence)
    heard = set(held_out)
    return [sentence for sentence in training if sentence not in heard], held_out


@dataclass(frozen=True, slots=True)
class TextSources:
    """What texts are made of.

    Attributes:
        sentences: Of books and of every day.
        novels: Sentences of novels, one after the other.
        glosses: WordNet's definitions and examples, as sentences.
        words: Every word of a dictionary and of the others, once.
    """

    sentences: list[str]
    novels: list[str]
    glosses: list[str]
    words: list[str]


def read_sources(files: TextFiles) -> TextSources:
    """Read all that there is to train on."""
    sentences = [
        *read_sentences(files.books)[0],
        *map(_with_stop, read_sentences(files.everyday)[0]),
    ]
    glosses = [re.sub(r"\bi\b", "I", cleaned(gloss)) for gloss in read_glosses(files.wordnet)]
    words = [cleaned(word) for word in files.dictionary.read_text("utf-8").splitlines()]
    known = [word for word in words if is_sayable(word) and not word.endswith("'s")]
    return TextSources(
        sentences,
        read_novels(files.novels),
        [_as_sentence(gloss) for gloss in glosses if is_sayable(gloss)],
        distinct_words([*sentences, *known]),
    )


def _with_stop(sentence: str) -> str:
    """Some everyday sentences have no stop."""
    return sentence if sentence.rstrip("'\"").endswith(_CLAUSE_END) else f"{sentence}."


def distinct_words(sentences: list[str]) -> list[str]:
    """Return each word once, in small letters where it is ever written so."""
    words = {word.strip(_MARKS) for sentence in sentences for word in sentence.split()} - {""}
    return sorted(word for word in words if word.islower() or word.lower() not in words)


def cut(sentence: str, rng: np.random.Generator) -> str:
    """Return 1 to 16 words of a sentence that follow one another.

    Half of the time they begin and end as a sentence does, the way a recogniser writes them.
    """
    words = sentence.split()
    n = min(len(words), round(rng.triangular(0.5, 6, 16.5)))
    start = _start(words, n, rng)
    phrase = with_whole_quotes(" ".join(words[start : start + n]))
    return _as_sentence(phrase) if rng.random() < 0.5 else phrase


def _start(words: list[str], n: int, rng: np.random.Generator) -> int:
    """Return where `n` words begin: half of the time after punctuation, if there is any."""
    starts = range(len(words) - n + 1)
    after_clause = [at for at in starts if at == 0 or words[at - 1].endswith(_CLAUSE_END)]
    if after_clause and rng.random() < 0.5:
        return int(rng.choice(after_clause))
    return int(rng.integers(len(starts)))


def _as_sentence(phrase: str) -> str:
    phrase = re.sub("[A-Za-z]", lambda first: first[0].upper(), phrase, count=1)
    bare = re.sub(r'[,;:-]+("?)$', r"\1", phrase)
    return bare if bare.rstrip('"').endswith(_SENTENCE_END) else f"{bare}."


def training_text(sources: TextSources, rng: np.random.Generator) -> str:
    """Return the text of one clip, of at most 40 words."""
    kind = rng.choice(list(KINDS), p=list(KINDS.values()))
    if kind == "dictation":
        return dictation(rng)
    if kind == "salad":
        return _salad(sources.words, rng)
    kinds = {"novel": sources.novels, "gloss": sources.glosses}
    sentence = _sentence(kinds.get(kind, sources.sentences), rng)
    return cut(sentence, rng) if kind == "phrase" else sentence


def _sentence(sentences: list[str], rng: np.random.Generator) -> str:
    first, second = (sentences[rng.integers(len(sentences))] for _ in range(2))
    chosen = second if len(first.split()) > LONG_WORDS else first
    return chosen if len(chosen.split()) <= MAX_WORDS else cut(chosen, rng)


def _salad(words: list[str], rng: np.random.Generator) -> str:
    """Return words without sense, so that the model listens instead of guessing.

    Each is as likely as the others: most of a language's words are rare, and sentences hardly
    ever have them.
    """
    return _as_sentence(" ".join(rng.choice(words, size=int(rng.integers(1, 11)))))
