"""What can be said: the name of each phrase in the tables of the languages, and what it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from sotto.app.core.words import marks
from sotto.app.core.words.marks import Mark


class Command(Enum):
    """What a phrase does instead of writing; the value stands for it in the settings."""

    SCRATCH = "[scratch]"
    STOP = "[stop]"


class Escape(Enum):
    """Ways to say a phrase without its effect."""

    LITERAL = "literal"  # the phrase after it is written as words
    QUOTE = "quote"  # everything up to UNQUOTE is written as words
    UNQUOTE = "unquote"
    ORDINARY = "ordinary"  # an expression that has a phrase in it, such as "point de vue"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase does, and how the guide for users puts that."""

    does: Mark | Command | Escape
    words: str


MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "comma": Meaning(marks.COMMA, ","),
        "full_stop": Meaning(marks.FULL_STOP, "."),
        "question_mark": Meaning(marks.QUESTION_MARK, "?"),
        "exclamation_mark": Meaning(marks.EXCLAMATION_MARK, "!"),
        "colon": Meaning(marks.COLON, ":"),
        "semicolon": Meaning(marks.SEMICOLON, ";"),
        "ellipsis": Meaning(marks.ELLIPSIS, "…"),
        "dash": Meaning(marks.DASH, "\N{EN DASH} between spaces"),
        "hyphen": Meaning(
            marks.HYPHEN, "- that joins the words around it; at the start of a line, a bullet"
        ),
        "open_quote": Meaning(marks.OPEN_QUOTE, "“"),
        "close_quote": Meaning(marks.CLOSE_QUOTE, "”"),
        "open_bracket": Meaning(marks.OPEN_PARENTHESIS, "("),
        "close_bracket": Meaning(marks.CLOSE_PARENTHESIS, ")"),
        "open_square_bracket": Meaning(marks.OPEN_SQUARE_BRACKET, "["),
        "close_square_bracket": Meaning(marks.CLOSE_SQUARE_BRACKET, "]"),
        "open_question": Meaning(marks.OPEN_QUESTION, "¿"),
        "open_exclamation": Meaning(marks.OPEN_EXCLAMATION, "¡"),
        "enumeration_comma": Meaning(marks.ENUMERATION_COMMA, "、"),
        "middle_dot": Meaning(marks.MIDDLE_DOT, "・"),
        "new_line": Meaning(marks.NEW_LINE, "a new line"),
        "new_paragraph": Meaning(marks.NEW_PARAGRAPH, "an empty line, then a new paragraph"),
        "full_stop_new_line": Meaning(marks.FULL_STOP_NEW_LINE, "a full stop and a new line"),
        "scratch_that": Meaning(Command.SCRATCH, "deletes what you said last"),
        "stop_listening": Meaning(Command.STOP, "ends the dictation"),
        "literal": Meaning(Escape.LITERAL, "writes the phrase after it as words"),
        "quote": Meaning(Escape.QUOTE, "writes everything up to “unquote” as words, in quotes"),
        "unquote": Meaning(Escape.UNQUOTE, "ends what “quote” began"),
    }
)
