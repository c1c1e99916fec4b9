"""Words: spoken commands, phrases of one's own, replacements, vocabulary."""

from sotto.app.ui.fields.fields import Texts
from sotto.app.ui.fields.pairs import Pairs, PairWords
from sotto.app.ui.settings_dialog.pages.page import Page
from sotto.app.ui.widgets.theme.colours import Colours

_PHRASES = PairWords(
    left="Said",
    right="Written",
    add="Add a &phrase",
    left_example="my address",
    right_example="12 High Street",
)
_REPLACEMENTS = PairWords(
    left="Recognised",
    right="Written instead",
    add="Add a &replacement",
    left_example="cube cuddle",
    right_example="kubectl",
)


class WordsPage(Page):
    """What is done with words before they are written."""

    title = "Words"
    icon = "words"

    def fill(self) -> None:
        """See `Page.fill`."""
        self.section("Spoken commands")
        self.toggle(
            "spoken_commands",
            "Und&erstand commands",
            "“comma”, “new line”, “scratch that”, “stop listening” and such. "
            "To write a command as a word, say “literal” before it.",
        )
        self.toggle("digits", "Write &numbers as digits", "“twenty-three” becomes 23.")
        self.toggle(
            "context",
            "Remember the &last sentences",
            "They help with names and punctuation in what comes next.",
        )
        self.section(
            "Phrases of your own",
            "What is written instead of them; [scratch] takes back what you said last, "
            "[stop] ends the dictation.",
        )
        self._phrases = Pairs(_PHRASES)
        self.wide("commands", "Phrases of your own", self._phrases)
        self.section("Replacements", "For what is always recognised wrongly.")
        self._replacements = Pairs(_REPLACEMENTS)
        self.wide("replacements", "Replacements", self._replacements)
        self.section("Vocabulary", "Names and terms that the model should expect, one a line.")
        self.wide("vocabulary", "Vocabulary", Texts("Siobhán\nKöln\nWebAssembly"))

    def set_colours(self, colours: Colours) -> None:
        """See `Page.set_colours`."""
        self._phrases.set_colours(colours)
        self._replacements.set_colours(colours)
