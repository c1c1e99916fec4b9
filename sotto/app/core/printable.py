"""What may be written to a terminal: nothing in it is a command, and a line stays a line.

Names of files, devices and models and recognised text come from others. An escape sequence in
them could retitle the window, move the cursor over what was written, or write to the clipboard.
"""

import unicodedata

# Controls, halves of surrogate pairs (bytes of a name that are no UTF-8), and breaks of lines.
_COMMANDS = frozenset({"Cc", "Cs", "Zl", "Zp"})
# What turns the order of all that follows on the line: it would show another name than the file's.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES = frozenset("\t\n\v\f\r\x85\u2028\u2029")
UNSHOWN = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """Return the text as one line that a terminal shows and does not obey."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def printable_lines(text: str) -> str:
    """Return a text of several lines, each of them `printable`."""
    return "\n".join(map(printable, text.split("\n")))


def _shown(character: str) -> str:
    if character in _SPACES:
        return " "
    if character in _TURNING or unicodedata.category(character) in _COMMANDS:
        return UNSHOWN
    return character
