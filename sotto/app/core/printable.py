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


def escaped(json: str) -> str:
    """Return a line of JSON that says the same, with what a terminal would obey as escapes.

    `json.dumps` does so for the controls of ASCII alone.
    """
    if json.isascii() and json.isprintable():
        return json
    return "".join(f"\\u{ord(each):04x}" if _shown(each) != each else each for each in json)


def _shown(character: str) -> str:
    if character in _SPACES:
        return " "
    if character in _TURNING or unicodedata.category(character) in _COMMANDS:
        return UNSHOWN
    return character
