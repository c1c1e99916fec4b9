"""Punctuation that can be spoken, and how it sits between words."""

from dataclasses import dataclass
from enum import Enum

# Full-width punctuation that stands for the same.
_WIDE = str.maketrans({".": ".。", ",": ",，、", ";": ";；", ":": ":：", "?": "?？", "!": "!！"})  # noqa: RUF001


def _with_wide(marks: str) -> str:
    return marks.translate(_WIDE)


class Case(Enum):
    """What is done to the first letter of the next word."""

    CAPITAL = "capital"
    SMALL = "small"  # only where that is certainly right
    AS_IS = "as is"


@dataclass(frozen=True, slots=True)
class Mark:
    """A written sign.

    `replaces`: the model's own punctuation before it, which it takes the place of; `keeps`: the
    model's punctuation after it that is more than the pause after a command. `case` is None where
    the sign changes nothing about the next word. `is_bullet`: at the start of a line it begins an
    item of a list.
    """

    text: str
    joins_before: bool = True
    joins_after: bool = False
    replaces: str = _with_wide(".,;:?!…")
    keeps: str = ""
    case: Case | None = Case.SMALL
    is_bullet: bool = False


def _ending(text: str) -> Mark:
    return Mark(text, case=Case.CAPITAL)


def _opening(text: str) -> Mark:
    return Mark(text, joins_before=False, joins_after=True, replaces="", case=None)


def _closing(text: str) -> Mark:
    return Mark(text, replaces=_with_wide(".,;:"), keeps=_with_wide(".?!"), case=None)


def _break(text: str) -> Mark:
    # A model hears the pause before the command as a comma.
    return Mark(text, joins_after=True, replaces=_with_wide(","), case=Case.CAPITAL)


COMMA = Mark(",")
FULL_STOP = _ending(".")
QUESTION_MARK = _ending("?")
EXCLAMATION_MARK = _ending("!")
COLON = Mark(":")
SEMICOLON = Mark(";")
ELLIPSIS = Mark("…", case=Case.AS_IS)
DASH = Mark("\N{EN DASH}", joins_before=False, replaces=_with_wide(".,;:"), is_bullet=True)
HYPHEN = Mark("-", joins_after=True, is_bullet=True)
OPEN_QUOTE = _opening("“")
CLOSE_QUOTE = _closing("”")
OPEN_PARENTHESIS = _opening("(")
CLOSE_PARENTHESIS = _closing(")")
OPEN_SQUARE_BRACKET = _opening("[")
CLOSE_SQUARE_BRACKET = _closing("]")
OPEN_QUESTION = _opening("¿")
OPEN_EXCLAMATION = _opening("¡")
ENUMERATION_COMMA = Mark("、")
WIDE_COMMA = Mark("，")  # noqa: RUF001 (Chinese)
MIDDLE_DOT = Mark("・", joins_after=True)
NO_MARK = Mark("")
"""What stands inside a sentence where the model took a pause for its end."""
NEW_LINE = _break("\n")
NEW_PARAGRAPH = _break("\n\n")
FULL_STOP_NEW_LINE = Mark(".\n", joins_after=True, case=Case.CAPITAL)
