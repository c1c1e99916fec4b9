"""WordNet (Fellbaum, 1998) as text: tens of thousands of words that sentences hardly ever have."""

import re
from collections.abc import Iterator
from pathlib import Path

PARTS_OF_SPEECH = ("noun", "verb", "adj", "adv")

_EXAMPLE = re.compile(r'"([^"]+)"')
_QUOTATION = re.compile(r'[;,:]? *"[^"]*"( *- *[^;"]*)?')  # and whose it is
_REMARK = re.compile(r"\([^)]*\)")


def read_glosses(folder: Path) -> list[str]:
    """Return what WordNet's data files (wndb(5WN)) say of each synset: definition and examples."""
    files = [folder / f"data.{part}" for part in PARTS_OF_SPEECH]
    return [text for file in files for gloss in _glosses(file) for text in _texts(gloss)]


def _glosses(file: Path) -> Iterator[str]:
    for line in file.read_text("utf-8").splitlines():
        if not line.startswith("  "):  # the licence
            yield line.partition(" | ")[2]


def _texts(gloss: str) -> list[str]:
    definition = _REMARK.sub("", _QUOTATION.sub("", gloss))
    texts = (" ".join(text.split()).strip(" ;") for text in (definition, *_EXAMPLE.findall(gloss)))
    return [text for text in texts if text]
