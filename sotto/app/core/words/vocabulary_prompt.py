"""The personal vocabulary as text that a Whisper model is prompted with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

# Half of the decoder's context, less the token that says that it is a prompt. A model forgets the
# beginning of a longer one.
MOST_TOKENS = 223


@dataclass(frozen=True, slots=True)
class Prompt:
    """The prompt; empty without vocabulary. `left_out` are the terms that did not fit."""

    text: str
    left_out: tuple[str, ...] = ()


def prompt(vocabulary: Sequence[str], count_tokens: Callable[[str], int]) -> Prompt:
    """Write names and terms as a glossary, so that the model expects and spells them.

    Args:
        vocabulary: terms, the most important first.
        count_tokens: how many tokens a text is to the model.
    """
    terms = tuple(dict.fromkeys(term for raw in vocabulary if (term := " ".join(raw.split()))))
    glossaries = (_glossary(terms[:n]) for n in range(1, len(terms) + 1))
    fitting = list(takewhile(lambda text: count_tokens(text) <= MOST_TOKENS, glossaries))
    return Prompt(fitting[-1] if fitting else "", terms[len(fitting) :])


def _glossary(terms: tuple[str, ...]) -> str:
    return f"Glossary: {', '.join(terms)}."
