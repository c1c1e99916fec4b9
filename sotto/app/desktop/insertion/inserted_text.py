"""Text as it is inserted, and how much of it a terminal takes back at a key."""

import unicodedata

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


def terminal_cells(text: str) -> int:
    """How many BackSpaces take `text` back at a shell's prompt.

    Readline steps over a character together with what has no width of its own.
    """
    return sum(unicodedata.category(letter) not in {"Mn", "Me", "Cf"} for letter in text)
