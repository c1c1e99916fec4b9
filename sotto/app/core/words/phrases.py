"""The table of spoken phrases: what is said, and what it does."""

from dataclasses import dataclass
from enum import Enum

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


@dataclass(frozen=True, slots=True)
class Phrase:
    """Ways to say the same thing, what it does, and how the guide for users puts that.

    `variants` are other ways in which models spell it.
    """

    spoken: tuple[str, ...]
    does: Mark | Command | Escape
    words: str
    variants: tuple[str, ...] = ()


PHRASES = (
    Phrase(("comma",), marks.COMMA, ","),
    Phrase(("full stop", "period"), marks.FULL_STOP, ".", ("fullstop",)),
    Phrase(("question mark",), marks.QUESTION_MARK, "?"),
    Phrase(("exclamation mark", "exclamation point"), marks.EXCLAMATION_MARK, "!"),
    Phrase(("colon",), marks.COLON, ":"),
    Phrase(("semicolon",), marks.SEMICOLON, ";", ("semi colon",)),
    Phrase(("ellipsis", "dot dot dot"), marks.ELLIPSIS, "…"),
    Phrase(("dash",), marks.DASH, "\N{EN DASH} between spaces"),
    Phrase(
        ("hyphen",),
        marks.HYPHEN,
        "- that joins the words around it; at the start of a line, a bullet",
    ),
    Phrase(("open quote", "open quotes"), marks.OPEN_QUOTE, "“"),
    Phrase(("close quote", "close quotes"), marks.CLOSE_QUOTE, "”"),
    Phrase(("open bracket", "open parenthesis", "open parentheses"), marks.OPEN_PARENTHESIS, "("),
    Phrase(
        ("close bracket", "close parenthesis", "close parentheses"), marks.CLOSE_PARENTHESIS, ")"
    ),
    Phrase(("open square bracket",), marks.OPEN_SQUARE_BRACKET, "["),
    Phrase(("close square bracket",), marks.CLOSE_SQUARE_BRACKET, "]"),
    Phrase(("new line",), marks.NEW_LINE, "a new line", ("newline",)),
    Phrase(("new paragraph",), marks.NEW_PARAGRAPH, "an empty line, then a new paragraph"),
    Phrase(("scratch that",), Command.SCRATCH, "deletes what you said last"),
    Phrase(("stop listening",), Command.STOP, "ends the dictation"),
    Phrase(("literal",), Escape.LITERAL, "writes the phrase after it as words"),
    Phrase(("quote",), Escape.QUOTE, "writes everything up to “unquote” as words, in quotes"),
    Phrase(("unquote", "end quote"), Escape.UNQUOTE, "ends what “quote” began", ("un quote",)),
)
