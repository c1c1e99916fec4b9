"""General: the window, and what understands speech."""

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox

from sotto.app.core.settings import Theme
from sotto.app.dictating.engine import Model
from sotto.app.ui.fields.fields import Folder, Listed, Number, Selection
from sotto.app.ui.settings_dialog.pages.page import Page
from sotto.app.ui.settings_dialog.tasks import TASKS
from sotto.app.ui.widgets.picker import Choice
from sotto.inference.compute_type import ComputeType
from sotto.inference.languages import LANGUAGES, language_name

_THEMES = (
    Choice(Theme.SYSTEM, "As the desktop"),
    Choice(Theme.LIGHT, "Light"),
    Choice(Theme.DARK, "Dark"),
)
_PRECISIONS = (
    Choice(ComputeType.INT8, "Fast (int8)"),
    Choice(ComputeType.FLOAT32, "Exact (float32)"),
)


class GeneralPage(Page):
    """Theme, text size, tray and start; model, language, precision."""

    title = "General"
    icon = "general"
    start_with_desktop = Signal(bool)
    show_in_menu = Signal(bool)

    def fill(self) -> None:
        """See `Page.fill`."""
        self.section("Window")
        self.row("theme", "&Theme", Selection(_THEMES))
        self.row("font_size", "Text &size", Number(8, 48, "pt"))
        self.toggle("close_to_tray", "&Keep Sotto in the tray", "When its window is closed.")
        self._autostart = self._box("St&art with the desktop", self.start_with_desktop)
        self._menu = self._box("Sho&w in the desktop's menu", self.show_in_menu)
        self.section("Recognition")
        self._model = Selection()
        self.row("model", "&Model", self._model)
        self.row(
            "models_folder",
            "More m&odels in",
            Folder("None"),
            "A folder of yours with models; those of other programs are found by themselves.",
        )
        self._language = Selection(language_choices(""))
        self.row("language", "&Language", self._language, "English-only models know no other.")
        self.row(
            "languages",
            "Detect o&nly",
            Listed("Any language", language_name),
            "The languages that you speak, such as German, English. No other is heard in them.",
        )
        self.row("task", "W&rite", Selection(TASKS))
        self.row(
            "compute_type",
            "&Precision",
            Selection(_PRECISIONS),
            "Exact takes three times as long and rarely changes a word.",
        )
        self.row(
            "unload_after_min",
            "&Free its memory after",
            Number(0, 1440, "min", at_low="Never", step=5),
            "Without dictation. When you speak again, the model is back in a moment.",
        )

    def offer_models(self, models: tuple[Model, ...]) -> None:
        """Offer the models on this machine."""
        self._model.fill([Choice(each.name, each.shown, each.details) for each in models])

    def _box(self, text: str, asked: SignalInstance) -> QCheckBox:
        """Add something that is on or off outside the settings file."""
        box = QCheckBox(text)
        box.setAccessibleName(text.replace("&", ""))
        box.clicked.connect(asked)
        self.add("", box)
        return box

    def show_menu_entry(self, shows: bool | None) -> None:
        """Show whether the desktop's menu has Sotto; None where that cannot be arranged."""
        self._menu.setVisible(shows is not None)
        self._menu.setChecked(bool(shows))

    def show_start_with_desktop(self, starts: bool | None) -> None:
        """Show whether Sotto starts with the desktop; None where that cannot be arranged."""
        self._autostart.setVisible(starts is not None)
        self._autostart.setChecked(bool(starts))


def language_choices(detected: str) -> list[Choice]:
    """Return none in particular first, whose value is `detected`, then all by name."""
    by_name = sorted(LANGUAGES.items(), key=lambda item: item[1])
    return [Choice(detected, "Detect"), *(Choice(code, name.title()) for code, name in by_name)]
