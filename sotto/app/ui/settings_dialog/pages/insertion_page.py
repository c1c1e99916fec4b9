"""Insertion: when and how text gets into other programs."""

from sotto.app.core.settings import InsertMethod, InsertWhen
from sotto.app.ui.fields.fields import Option, Options, Selection
from sotto.app.ui.fields.pairs import Pairs, PairWords
from sotto.app.ui.settings_dialog.pages.page import Page
from sotto.app.ui.widgets.picker import Choice
from sotto.app.ui.widgets.theme.colours import Colours

_WHEN = (
    Option(InsertWhen.FINAL, "At each &pause", "Whole sentences, once their words are final."),
    Option(
        InsertWhen.COMMITTED,
        "As you &speak",
        "Each word as soon as it will not change any more.",
    ),
)
_METHODS = (
    Choice(InsertMethod.AUTO, "What suits the program"),
    Choice(InsertMethod.PASTE, "Paste (Ctrl+V)"),
    Choice(InsertMethod.TERMINAL_PASTE, "Paste (Ctrl+Shift+V)"),
    Choice(InsertMethod.TYPE, "Type key by key"),
    Choice(InsertMethod.CLIPBOARD, "Only copy to the clipboard"),
    Choice(InsertMethod.NONE, "Never insert"),
)
_WORDS = PairWords(
    left="Program",
    right="Method",
    add="&Add a program",
    left_example="window class, such as Code",
)


class InsertionPage(Page):
    """When, how, and otherwise by program."""

    title = "Insertion"
    icon = "insertion"

    def fill(self) -> None:
        """See `Page.fill`."""
        self.section("When text goes into the program")
        self.wide("insert_when", "When text goes into the program", Options(_WHEN))
        self.section("How it gets there")
        self.row(
            "insert_method",
            "&Method",
            Selection(_METHODS),
            "Pasting leaves the clipboard as it was.",
        )
        self.section(
            "Programs that want another method",
            "By their window class, which “xprop WM_CLASS” tells on X11.",
        )
        self._programs = Pairs(_WORDS, _METHODS[1:])
        self.wide("applications", "Methods by program", self._programs)

    def set_colours(self, colours: Colours) -> None:
        """See `Page.set_colours`."""
        self._programs.set_colours(colours)
