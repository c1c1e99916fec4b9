"""History & privacy: what is kept, for how long, and how to be rid of it."""

from PySide6.QtCore import Signal

from sotto.app.ui.fields.fields import Field, Number
from sotto.app.ui.settings_dialog.pages.page import Page
from sotto.app.ui.widgets.buttons import push_button


class HistoryPage(Page):
    """History on or off, sound, days, and deleting it."""

    title = "History & privacy"
    icon = "history"
    delete_history = Signal()

    def fill(self) -> None:
        """See `Page.fill`."""
        self.section("History", "Kept on this machine, in files that only you can read.")
        self.toggle("history", "&Keep dictated texts")
        self._dependent: tuple[Field, ...] = (
            self.toggle(
                "history_audio",
                "Keep their &sound as well",
                "About 2 MB a minute; lets you listen again to what was said.",
            ),
            self.row(
                "history_days",
                "&Remove after",
                Number(0, 3650, "days", at_low="Never", step=10),
            ),
        )
        self.add("", push_button("De&lete history…", self.delete_history.emit))
        self.section(
            "Privacy",
            "Sound and text never leave this machine. Sotto fetches a model when you ask for one, "
            "and has no other business on the network.",
        )
        self.form.follow(("history",), self._follow_history)

    def _follow_history(self) -> None:
        for field in self._dependent:
            field.setEnabled(self.form.settings.history)
