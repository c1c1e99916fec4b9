"""Which keys write which characters; pure, so that it can be tested without a keyboard."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from Xlib import XK

# Keysyms of Unicode characters (X protocol, appendix A): Latin-1 is its own code point, the rest
# has this bit.
UNICODE_KEYSYM = 0x01000000
NAMED = {"\n": XK.XK_Return, "\t": XK.XK_Tab}


@dataclass(frozen=True, slots=True)
class Stroke:
    """One key, with or without Shift."""

    keycode: int
    shift: bool = False


def keysym(character: str) -> int:
    """The keysym that writes `character`."""
    code = ord(character)
    return NAMED.get(character) or (code if code < 0x100 else UNICODE_KEYSYM + code)


class Keymap:
    """The core keyboard mapping: for each keycode from `first` its keysyms.

    A row holds group 1 without and with Shift, then group 2 likewise. More levels (AltGr) are not
    used: whatever they hold gets a free key of its own.
    """

    def __init__(self, first: int, rows: Sequence[Sequence[int]]) -> None:
        self._rows = dict(enumerate(rows, first))
        self.free = tuple(code for code, row in self._rows.items() if not any(row))

    def strokes(self, group: int) -> dict[int, Stroke]:
        """Keysym → key, for the layout `group` (0 or 1)."""
        found: dict[int, Stroke] = {}
        for is_shifted in (False, True):
            column = 2 * group + is_shifted
            for code, row in self._rows.items():
                if column < len(row) and row[column]:
                    found.setdefault(row[column], Stroke(code, is_shifted))
        return found

    def best_group(self, text: str, current: int) -> int:
        """The layout that writes most of `text`; the current one if none is better."""
        wanted = {keysym(character) for character in text}
        others = [group for group in (0, 1) if group != current]
        return max([current, *others], key=lambda group: len(wanted & self.strokes(group).keys()))


def batches(text: str, known: Collection[int], free: int) -> Iterator[str]:
    """Cut `text` so that each piece needs at most `free` keysyms that are not `known`."""
    piece: list[str] = []
    new: set[int] = set()
    for character in text:
        needed = {keysym(character)} - set(known)
        if len(new | needed) > free:
            yield "".join(piece)
            piece, new = [], set()
        piece.append(character)
        new |= needed
    if piece:
        yield "".join(piece)
