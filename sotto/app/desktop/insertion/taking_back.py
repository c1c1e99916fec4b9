"""Which keys take back a text in programs that differ in what BackSpace takes; pure."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import regex  # type: ignore[import-untyped]  # it publishes no types

# GTK's BackSpace takes a whole letter of these scripts, whatever it is composed of. Of others it
# takes the last mark alone, as Qt does of all that is not one code point.
WHOLE_IN_GTK = ("CYRILLIC", "GREEK", "HANGUL", "HIRAGANA", "KATAKANA", "LATIN")
# The combining class of the signs that join consonants in the scripts of India.
VIRAMA = 9


@dataclass(frozen=True, slots=True)
class Run:
    """So many BackSpaces, or so many steps to the left with Shift and then one BackSpace."""

    keys: int
    is_marked: bool


def runs_back(text: str) -> Iterator[Run]:
    """The runs that take back exactly `text`, in the order of pressing.

    What one BackSpace takes of several code points differs between toolkits, and so it is marked
    first: toolkits step over the same graphemes (UAX 29), except over the joined consonants of
    India, of which BackSpace takes one code point everywhere.
    """
    clusters = reversed(regex.findall(r"\X", text))
    for is_marked, run in groupby(clusters, _has_to_be_marked):
        clusters_of_run = list(run)
        keys = len(clusters_of_run) if is_marked else len("".join(clusters_of_run))
        yield Run(keys, is_marked)


def _has_to_be_marked(cluster: str) -> bool:
    if len(cluster) > 1:
        return all(unicodedata.combining(letter) != VIRAMA for letter in cluster)
    is_composed = len(unicodedata.normalize("NFD", cluster)) > 1
    return is_composed and not unicodedata.name(cluster, "").startswith(WHOLE_IN_GTK)
