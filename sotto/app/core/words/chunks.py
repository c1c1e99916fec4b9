"""Recognised text, cut at its spaces, and each piece taken apart."""

import re
from dataclasses import dataclass
from itertools import pairwise

STOPS = ".,;:?!…。，、；：？！"  # noqa: RUF001  (the ideographic ones are meant)
OPENERS = "([{“‘¿¡「『（【《"  # noqa: RUF001  (single quotes and wide brackets are meant)
CLOSERS = "\"'”’)]}»」』）】》"  # noqa: RUF001
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"

# ASCII: a no-break space belongs to the text ("10 km", "« oui »").
_CHUNK = re.compile(r"\S+", re.ASCII)
_UNFINISHED = re.compile(r"\S\Z", re.ASCII)
_PARTS = re.compile(
    f"([{re.escape(OPENERS)}\"'«]*)(.*?)([{re.escape(STOPS + CLOSERS)}]*)", re.DOTALL
)
# In running text a mark ends a chunk; an ASCII one only behind what is not: "3.5", "a.m.".
_BEHIND_MARK = re.compile(
    f"(?<=[。，、；：？！…」』）】》])(?![{re.escape(STOPS + CLOSERS)}])"  # noqa: RUF001
    f"|(?<=[^\0-\x7f][,.;:?!])(?![{re.escape(STOPS + CLOSERS)}])"
)
_NOT_STOPS = re.compile(f"(.*?)([{re.escape(STOPS)}]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What stands between two spaces: a word, and the marks that the model wrote around it.

    In languages without spaces: what stands between two marks or phrases.
    """

    lead: str  # opening quotes and brackets
    core: str
    trail: str  # punctuation, closing quotes and brackets
    is_joined: bool = False  # no space stands before it

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


@dataclass(frozen=True, slots=True)
class Cutter:
    """Cuts running text of languages without spaces, at its marks and around phrases.

    Attributes:
        phrases: what is cut out.
        reach: how many characters may decide on whether something is cut before them.
    """

    phrases: re.Pattern[str]
    reach: int

    def split(self, text: str, *, has_ended: bool) -> tuple[Chunk, ...]:
        """Return the chunks of `text`; only those that will stay so if more can be appended."""
        end = len(text) if has_ended else len(text) - self.reach
        return tuple(
            _taken_apart(text[start:stop], is_joined=start != piece.start())
            for piece in _CHUNK.finditer(text)
            for start, stop in pairwise(self._cuts(piece))
            if stop <= end
        )

    def _cuts(self, piece: re.Match[str]) -> list[int]:
        """Return where a piece begins, is cut, and ends."""
        text, start, stop = piece.string, piece.start(), piece.end()
        cuts = {start, stop} | {m.start() for m in _BEHIND_MARK.finditer(text, start, stop)}
        for phrase in self.phrases.finditer(text, start, stop):
            before = text[start : phrase.start()].rstrip(OPENERS)
            behind = text[phrase.end() : stop].lstrip(STOPS + CLOSERS)
            cuts |= {start + len(before), stop - len(behind)}
        return sorted(cuts)


def parted(text: str) -> tuple[str, str]:
    """Part `text` from the punctuation at its end."""
    match = _NOT_STOPS.fullmatch(text)
    assert match  # noqa: S101  (both parts may be empty and any character fits)
    return match[1], match[2]


def _taken_apart(chunk: str, *, is_joined: bool = False) -> Chunk:
    match = _PARTS.fullmatch(chunk)
    assert match  # noqa: S101  (all parts may be empty and any character fits)
    lead, core, trail = match.groups()
    return Chunk(lead, core, trail, is_joined)
