"""Novels of Project Gutenberg, sentence after sentence."""

import re
from collections.abc import Iterator
from pathlib import Path

from tools.starter.conventions import cleaned, is_sayable

_BEGIN, _END = "*** START OF TH", "*** END OF TH"
_TITLES = r"(?<!Mr\.)(?<!Mrs\.)(?<!Dr\.)(?<!St\.)(?<!Esq\.)"
_BETWEEN_SENTENCES = re.compile(rf"""{_TITLES}(?:(?<=[.?!])|(?<=[.?!]["'])) +(?=["'A-Z])""")


def read_novels(folder: Path) -> list[str]:
    """Return all sentences of a folder's *.txt, but for those with figures or capitals alone."""
    texts = (path.read_text("utf-8", errors="replace") for path in sorted(folder.glob("*.txt")))
    return [sentence for text in texts for sentence in _sentences(text)]


def _sentences(text: str) -> Iterator[str]:
    book = text.partition(_BEGIN)[2].partition(_END)[0]
    for paragraph in re.split(r"\n\s*\n", book):
        line = " ".join(paragraph.replace("_", "").replace("--", " -- ").split())
        for sentence in map(cleaned, _BETWEEN_SENTENCES.split(line)):
            if is_sayable(sentence):
                yield sentence
