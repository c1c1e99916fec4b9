"""Recognised text, cut at its spaces, and each piece taken apart."""

import re
from dataclasses import dataclass

STOPS = ".,;:?!…。，、；：？！"  # noqa: RUF001  (the ideographic ones are meant)
OPENERS = "([{“‘¿¡"  # noqa: RUF001  (single quotes are meant)
CLOSERS = "\"'”’)]}»"  # noqa: RUF001
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"

# ASCII: a no-break space belongs to the text ("10 km", "« oui »").
_CHUNK = re.compile(r"\S+", re.ASCII)
_UNFINISHED = re.compile(r"\S\Z", re.ASCII)
_PARTS = re.compile(
    f"([{re.escape(OPENERS)}\"'«]*)(.*?)([{re.escape(STOPS + CLOSERS)}]*)", re.DOTALL
)
_NOT_STOPS = re.compile(f"(.*?)([{re.escape(STOPS)}]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What stands between two spaces: a word, and the marks that the model wrote around it."""

    lead: str  # opening quotes and brackets
    core: str
    trail: str  # punctuation, closing quotes and brackets

    @property
    def text(self) -> str:
        """The chunk as the model wrote it."""
        return self.lead + self.core + self.trail

    @property
    def stop(self) -> str:
        """Punctuation at the very end, such as `."` has none and `".` has a full stop."""
        return parted(self.trail)[1]

    @property
    def spoken(self) -> str:
        """What was said: neither case nor punctuation, and spaces for hyphens."""
        return self.core.casefold().replace(APOSTROPHE, "'").replace("-", " ")

    @property
    def is_plain(self) -> bool:
        """True if no quotes or brackets stand around it."""
        return not self.lead and self.trail == self.stop


def split(text: str, *, has_ended: bool) -> tuple[Chunk, ...]:
    """Return the chunks of `text`; the last one only if nothing can be appended to it."""
    whole = _CHUNK.findall(text)
    if not has_ended and _UNFINISHED.search(text):
        whole.pop()
    return tuple(_taken_apart(chunk) for chunk in whole)


def parted(text: str) -> tuple[str, str]:
    """Part `text` from the punctuation at its end."""
    match = _NOT_STOPS.fullmatch(text)
    assert match  # noqa: S101  (both parts may be empty and any character fits)
    return match[1], match[2]


def _taken_apart(chunk: str) -> Chunk:
    match = _PARTS.fullmatch(chunk)
    assert match  # noqa: S101  (all parts may be empty and any character fits)
    return Chunk(*match.groups())
