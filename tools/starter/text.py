"""What is spoken to the model while it learns: sentences from books, parts of them, dictation."""

import re
import unicodedata
from pathlib import Path

import numpy as np

from tools.starter.grammar import MAX_WORDS, dictation

HELD_OUT_EVERY = 40  # line 0, 40, 80 … of the file

# Most of what is dictated is shorter, and short windows are what the model is made for.
LONG_WORDS = 22

# How a clip's text is made, and how often.
KINDS = {"sentence": 0.4, "phrase": 0.2, "dictation": 0.25, "salad": 0.15}

# Each word has a letter: what stands between spaces is spoken, and has a time.
_WORD = r"[.,?!'\";:-]*[A-Za-z][A-Za-z.,?!'\";:-]*"
_CONVENTIONS = re.compile(rf"{_WORD}(?: {_WORD})*")
_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})  # noqa: RUF001
_DASH = re.compile(r",? -+(?= |$)")
_QUOTED = re.compile(r"(?<!\w)'(\w.*?)'(?!\w)")
_STRAY_QUOTE = re.compile(r"(?<!\w)'(?!(?:tis|twas|em|til)\b)|(?<=[^\Ws])'(?!\w)")

# Synthesisers disagree about how these are said.
_SHORT = {
    "Capt.": "Captain",
    "Co.": "Company",
    "Col.": "Colonel",
    "Drs.": "Doctors",
    "Ft.": "Fort",
    "Gen.": "General",
    "Hon.": "Honorable",
    "Jr.": "Junior",
    "Lt.": "Lieutenant",
    "Maj.": "Major",
    "No.": "Number",
    "Rev.": "Reverend",
    "Sgt.": "Sergeant",
    "St.": "Saint",
    "etc.": "et cetera",
}

_SENTENCE_END = (".", "?", "!")
_CLAUSE_END = (",", ";", ":", *_SENTENCE_END)
_MARKS = ".,?!'\";:-"


def is_conventional(text: str) -> bool:
    """True for words as they are spoken, single spaces, and . , ? ! ' " ; : - alone."""
    return bool(_CONVENTIONS.fullmatch(text))


def read_sentences(path: Path) -> tuple[list[str], list[str]]:
    """Read a file of a sentence a line.

    Returns:
        Those to train on and those to measure with: every 40th line. Sentences that cannot be
        brought to the conventions are left out.
    """
    training: list[str] = []
    held_out: list[str] = []
    for index, line in enumerate(path.read_text("utf-8").splitlines()):
        sentence = _cleaned(line)
        if is_conventional(sentence):
            (training if index % HELD_OUT_EVERY else held_out).append(sentence)
    heard = set(held_out)
    return [sentence for sentence in training if sentence not in heard], held_out


def read_training_sentences(books: Path, everyday: Path) -> list[str]:
    """Read all sentences to train on. Some of the everyday ones have no stop, and get it here."""
    return [*read_sentences(books)[0], *map(_with_stop, read_sentences(everyday)[0])]


def _with_stop(sentence: str) -> str:
    return sentence if sentence.rstrip("'\"").endswith(_CLAUSE_END) else f"{sentence}."


def distinct_words(sentences: list[str]) -> list[str]:
    """Return each word once, in small letters where it is ever written so."""
    words = {word.strip(_MARKS) for sentence in sentences for word in sentence.split()} - {""}
    return sorted(word for word in words if word.islower() or word.lower() not in words)


def _cleaned(line: str) -> str:
    letters = unicodedata.normalize("NFKD", line.translate(_PLAIN))
    text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    text = _DASH.sub(",", re.sub(r"[\[\]()]", "", text))
    text = _STRAY_QUOTE.sub("", _QUOTED.sub(r"\1", text))
    text = " ".join(_SHORT.get(word, word) for word in text.split())
    return _with_whole_quotes(text)


def _with_whole_quotes(text: str) -> str:
    return text.replace('"', "") if text.count('"') % 2 else text


def cut(sentence: str, rng: np.random.Generator) -> str:
    """Return 1 to 16 words of a sentence that follow one another.

    Half of the time they begin and end as a sentence does, the way a recogniser writes them.
    """
    words = sentence.split()
    n = min(len(words), round(rng.triangular(0.5, 6, 16.5)))
    start = _start(words, n, rng)
    phrase = _with_whole_quotes(" ".join(words[start : start + n]))
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


def training_text(sentences: list[str], words: list[str], rng: np.random.Generator) -> str:
    """Return the text of one clip, of at most 40 words; `words` are the `distinct_words`."""
    kind = rng.choice(list(KINDS), p=list(KINDS.values()))
    if kind == "dictation":
        return dictation(rng)
    if kind == "salad":
        return _salad(words, rng)
    sentence = _sentence(sentences, rng)
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
