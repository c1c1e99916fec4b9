"""What a selection holds: for each format its bytes."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from Xlib.display import Display

# Clipboard managers that know of it (Klipper, CopyQ, KeePassXC's convention) keep no copy.
HINT = "x-kde-passwordManagerHint"


@dataclass(frozen=True, slots=True)
class Format:
    """One form of a content as a property: its type (an atom), and `width` bits a number.

    `data` is in the byte order of this machine, into which the server translates.
    """

    type: int
    width: int
    data: bytes

    def numbers(self) -> list[int]:
        """`data` as numbers of 32 bits, as lists of atoms are."""
        return list(array("I", self.data)) if self.width == 32 else []


def numbers_format(kind: int, numbers: Sequence[int]) -> Format:
    """`numbers` as a property of type `kind`."""
    return Format(kind, 32, array("I", numbers).tobytes())


# Target (an atom) → what it converts to.
Content = Mapping[int, Format]


def text_content(display: Display, text: str, *, is_private: bool) -> Content:
    """`text` in all forms that programs ask for; `is_private` asks managers to forget it."""
    utf8 = text.encode()
    latin = text.encode("latin-1", errors="replace")  # what STRING is by definition
    forms = {
        "UTF8_STRING": ("UTF8_STRING", utf8),
        "text/plain;charset=utf-8": ("text/plain;charset=utf-8", utf8),
        "text/plain": ("text/plain", utf8),
        "TEXT": ("UTF8_STRING", utf8),
        "STRING": ("STRING", latin),
    }
    if is_private:
        forms[HINT] = (HINT, b"secret")
    return {
        display.get_atom(target): Format(display.get_atom(kind), 8, data)
        for target, (kind, data) in forms.items()
    }
