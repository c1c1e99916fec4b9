"""Text as it is inserted, and how many keys take it back."""

import unicodedata

import regex  # type: ignore[import-untyped]  # it publishes no types

# What stays of the control characters. An escape would be a command to a terminal.
KEPT_CONTROLS = "\n\t"


def cleaned(text: str) -> str:
    """`text` composed (NFC) and without control characters other than newline and tab.

    Composed, because one key takes back one composed letter everywhere, but of a letter with a
    combining accent Qt takes the accent alone and GTK both.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (
        letter
        for letter in lines
        if letter in KEPT_CONTROLS or unicodedata.category(letter) != "Cc"
    )
    return unicodedata.normalize("NFC", "".join(kept))


def graphemes(text: str) -> int:
    """What the user sees as characters, and the arrow keys step over (UAX 29)."""
    return len(regex.findall(r"\X", text))


def is_plain(text: str) -> bool:
    """Whether every grapheme is one code point, which BackSpace takes back in every toolkit."""
    return graphemes(text) == len(text)


def terminal_cells(text: str) -> int:
    """How many BackSpaces take `text` back at a shell's prompt.

    Readline steps over a character together with what has no width of its own.
    """
    return sum(unicodedata.category(letter) not in {"Mn", "Me", "Cf"} for letter in text)
