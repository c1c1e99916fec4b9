"""How texts are written: words as they are spoken, and a few marks."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

# Each word has a letter: what stands between spaces is spoken, and has a time.
_WORD = r"[.,?!'\";:-]*[A-Za-z][A-Za-z.,?!'\";:-]*"
_CONVENTIONS = re.compile(rf"{_WORD}(?: {_WORD})*")
_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})  # noqa: RUF001
_SAYABLE = re.compile(r"(?=.*[AEIOUYaeiouy]|.*\b(?:Mrs?|Dr)\.)[^A-Za-z]*[A-Za-z]?[^A-Z]*")
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


def is_conventional(text: str) -> bool:
    """True for words as they are spoken, single spaces, and . , ? ! ' " ; : - alone."""
    return bool(_CONVENTIONS.fullmatch(text))


def is_sayable(text: str) -> bool:
    """False for text with symbols (kg, NaCl, WWW): flite crashes over some of them."""
    return is_conventional(text) and all(_SAYABLE.fullmatch(word) for word in text.split())


def cleaned(line: str) -> str:
    """Bring a line closer to the conventions: `is_conventional` tells whether it got there."""
    letters = unicodedata.normalize("NFKD", line.translate(_PLAIN))
    text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    text = _DASH.sub(",", re.sub(r"[\[\]()]", "", text))
    text = _STRAY_QUOTE.sub("", _QUOTED.sub(r"\1", text))
    text = " ".join(_SHORT.get(word, word) for word in text.split())
    return with_whole_quotes(text)


def with_whole_quotes(text: str) -> str:
    """Return text without quotation marks if one of them is alone."""
    return text.replace('"', "") if text.count('"') % 2 else text


def names_in(sentences: Iterable[str]) -> frozenset[str]:
    """Return, in small letters, what has a capital more often than not within sentences."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        for word in sentence.split()[1:]:
            letters = word.strip(".,?!'\";:-").removesuffix("'s")
            counts[letters.lower()] += 1 if letters[:1].isupper() else -1
    return frozenset(word for word, more in counts.items() if more > 0)
