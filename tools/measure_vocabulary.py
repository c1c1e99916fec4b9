r"""Measure what the user's vocabulary does: names heard right, other words broken.

    python -m tools.measure_vocabulary FOLDER [--model base] [--forms glossary list …] \
        [--others N] [--json FILE]

FOLDER holds LibriSpeech's readers 4088, 4406, 5652 and 8226. All utterances with one of `NAMES`,
and some others, are heard as a session's final pass hears them: without a vocabulary, and with one
that holds the names of the book and some that nobody says: in each form of the prompt, alone and
with these words made likelier as well.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sotto.audio.files.reading import read_audio
from sotto.audio.input.source import SAMPLE_RATE
from sotto.inference.compute_type import best_compute_type
from sotto.inference.interfaces import Model
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tools.listening_conditions import SEED
from tools.measure_streaming import load
from tools.peers.librispeech import Utterance, read_librispeech
from tools.streaming_measures import paired
from tools.word_error import english_words, word_errors

NO_VOCABULARY = "no vocabulary"
LONGEST_S = 14.0  # of an utterance: longer ones take long, and have few names

NAMES = {
    "5652": (
        "Cosette", "Fauchelevent", "Valjean", "Marius", "Euphrasie", "Picpus", "Mechlin", "Diomed",
        "Gamacho", "Chanteloup", "Rheims", "Strasburg",
    ),
    "4088": (
        "Mabel Vernon", "Lucy Burns", "Balfour", "Viviani", "Spargo", "Virgil Hinshaw",
        "Katherine Morey", "Annie Arneil", "Lavinia", "Stuyvesant", "Maud Jamison",
        "Georgina Sturgis", "Ella Morton Dean", "Flather", "Fort Myer",
    ),
    "4406": (
        "Narragansett", "Quinnapin", "Marlborough", "Mosely", "Medfield", "Thurston", "Jehu",
        "Mohawks", "Philip",
    ),
    "8226": (
        "Kimbolton", "Northumberland", "Digby", "Beale", "Falkland", "Essex", "Carlisle",
        "Kingston",
    ),
}  # fmt: skip
"""Of each reader: what is said, the less usual ones, as somebody puts them into a vocabulary."""

STRANGERS = (
    "Siobhán", "Kowalczyk", "Gwendolyn", "Lindqvist", "Mariss", "Cosima", "Virginie", "Ballard",
    "Hinchcliffe", "Falconer", "Bealby", "Kubernetes", "PostgreSQL", "Grafana",
)  # fmt: skip
"""Said by nobody; some sound like a name or a word that somebody says."""

Form = Callable[[Sequence[str]], str]

FORMS: dict[str, Form] = {
    "glossary": lambda terms: f"Glossary: {', '.join(terms)}.",
    "list": lambda terms: f"{', '.join(terms)}.",
    "sentence": lambda terms: f"They spoke about {', '.join(terms[:-1])} and {terms[-1]}.",
    "nothing": lambda _: "",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance: what was said, and which of its words were heard."""

    said: tuple[str, ...]
    text: str

    @classmethod
    def of(cls, said: str, text: str) -> "Heard":
        return cls(tuple(english_words(said)), text)

    @property
    def right(self) -> set[int]:
        """Positions of the words that were heard."""
        return {ours for ours, _ in paired(self.said, english_words(self.text))}

    @property
    def names(self) -> set[int]:
        """Positions of the words that belong to names."""
        return {position for position, word in enumerate(self.said) if word in _NAME_WORDS}


def main() -> None:
    arguments = parse_arguments()
    model = load(arguments.model, best_compute_type())
    utterances = choose(arguments.folder, arguments.others)
    ways = [(form, favoured) for form in arguments.forms for favoured in (False, True)]
    heard = {NO_VOCABULARY: [hear(model, each, "", ()) for each in utterances]}
    for form, favoured in ways:
        name = f"{form}, favoured" if favoured else form
        heard[name] = [hear_with(model, each, form, favoured=favoured) for each in utterances]
        print(row(name, heard[NO_VOCABULARY], heard[name]), file=sys.stderr)
    if arguments.json:
        content = {form: [[" ".join(h.said), h.text] for h in of] for form, of in heard.items()}
        arguments.json.write_text(json.dumps(content, indent=1, ensure_ascii=False), "utf-8")
    print(HEAD)
    for form, of_form in heard.items():
        print(row(form, heard[NO_VOCABULARY], of_form))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--model", default="base", help="tiny.en, base, or a folder")
    parser.add_argument("--forms", nargs="+", default=list(FORMS), choices=FORMS)
    parser.add_argument("--others", type=int, default=16, metavar="N", help="without a name")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all that was heard")
    return parser.parse_args()


def choose(folder: Path, n_others: int) -> list[Utterance]:
    """Return the utterances with a name, and so many others, drawn with a fixed seed."""
    every = [u for u in read_librispeech(folder) if u.reader in NAMES and _seconds(u) <= LONGEST_S]
    named = [u for u in every if _NAME_WORDS & set(english_words(" ".join(u.words)))]
    others = [u for u in every if u not in named]
    return named + random.Random(SEED).sample(others, n_others)


def vocabulary(reader: str) -> tuple[str, ...]:
    """Return a reader's names and the strangers in an order of chance."""
    terms = [*NAMES[reader], *STRANGERS]
    random.Random(SEED).shuffle(terms)
    return tuple(terms)


def hear_with(model: Model, utterance: Utterance, form: str, *, favoured: bool) -> Heard:
    """Hear an utterance with the vocabulary of its reader."""
    terms = vocabulary(utterance.reader)
    return hear(model, utterance, FORMS[form](terms), terms if favoured else ())


def hear(model: Model, utterance: Utterance, text: str, terms: tuple[str, ...]) -> Heard:
    """Hear an utterance as a final pass does, with a prompt and terms that are favoured."""
    settings = WhisperSettings(language="en", prompt=text, terms=terms, with_context=False)
    recogniser = WhisperRecogniser(model, settings)
    recogniser.append(read_audio(utterance.path))
    words = recogniser.recognise((), final=True).words
    return Heard.of(" ".join(utterance.words), "".join(word.text for word in words))


HEAD = (
    "| vocabulary | words of names right | strangers heard | errors, % | other words broken "
    "| other words mended |\n|---|---:|---:|---:|---:|---:|"
)


def row(form: str, before: Sequence[Heard], after: Sequence[Heard]) -> str:
    """Return a line of the table: how a form of the prompt changes what is heard."""
    n_names = sum(len(each.names) for each in after)
    n_right = sum(len(each.names & each.right) for each in after)
    n_strangers = sum(_n_strangers(each) for each in after)
    errors = word_errors([(" ".join(each.said), each.text) for each in after])
    pairs = list(zip(before, after, strict=True))
    broken = sum(len(b.right - a.right - a.names) for b, a in pairs)
    mended = sum(len(a.right - b.right - a.names) for b, a in pairs)
    cells = [
        f"{n_right} of {n_names}", n_strangers, f"{100 * errors.rate:.2f}", broken, mended
    ]  # fmt: skip
    return f"| {form} | {' | '.join(map(str, cells))} |"


def _n_strangers(heard: Heard) -> int:
    """Return how many words of strangers were heard that nobody said."""
    surplus = Counter(english_words(heard.text)) - Counter(heard.said)
    return sum(n for word, n in surplus.items() if word in _STRANGE_WORDS)


def _seconds(utterance: Utterance) -> float:
    return len(read_audio(utterance.path)) / SAMPLE_RATE


_NAME_WORDS = frozenset(english_words(" ".join(map(" ".join, NAMES.values())))) - {"fort"}
_STRANGE_WORDS = frozenset(english_words(" ".join(STRANGERS)))


if __name__ == "__main__":
    main()
