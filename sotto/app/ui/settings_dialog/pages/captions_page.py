"""Captions: what the overlay shows, where, and how it looks."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase

from sotto.app.core.settings import CaptionPreset, CaptionSource
from sotto.app.ui.fields.fields import Colour, Number, Selection
from sotto.app.ui.settings_dialog.pages.caption_preview import CaptionPreview
from sotto.app.ui.settings_dialog.pages.page import Page
from sotto.app.ui.settings_dialog.tasks import TASKS
from sotto.app.ui.widgets.buttons import push_button
from sotto.app.ui.widgets.picker import Choice

_SOURCES = (
    Choice(CaptionSource.MICROPHONE, "The microphone"),
    Choice(CaptionSource.SYSTEM, "What the computer plays"),
)
_PRESETS = (
    Choice(CaptionPreset.DARK, "White on black"),
    Choice(CaptionPreset.LIGHT, "Black on white"),
    Choice(CaptionPreset.YELLOW, "Yellow on black"),
    Choice(CaptionPreset.CONTRAST, "Strongest contrast"),
    Choice(CaptionPreset.CUSTOM, "Your own colours"),
)
_MAIN_SCREEN = Choice("", "The main screen")


class CaptionsPage(Page):
    """On or off, source, place, and look with a preview."""

    title = "Captions"
    icon = "captions"
    edit_captions = Signal()

    def fill(self) -> None:
        """See `Page.fill`."""
        self.section("Captions over everything")
        self.toggle("overlay", "S&how captions")
        self.row("overlay_source", "&Of", Selection(_SOURCES))
        self.row("overlay_task", "Wr&ite", Selection(TASKS))
        self._screen = Selection([_MAIN_SCREEN])
        self.row("overlay_screen", "O&n", self._screen)
        self.row("overlay_width", "&Width", Number(200, 1000, "% of the screen", step=2, scale=10))
        self.add("Place", push_button("&Move captions…", self.edit_captions.emit))
        self.section("Look")
        self.add("", CaptionPreview(self.form.store))
        self.row("overlay_lines", "&Lines", Number(1, 4, ""))
        self.row("overlay_font", "&Font", Selection(_fonts()))
        self.row("overlay_font_size", "&Size", Number(12, 96, "pt", step=2))
        self.row("overlay_preset", "Colou&rs", Selection(_PRESETS))
        self._colours = (
            self.row("overlay_text", "&Text", Colour()),
            self.row("overlay_tentative", "Words that ma&y change", Colour()),
            self.row("overlay_background", "&Behind them", Colour()),
        )
        self.row("overlay_opacity", "O&pacity behind", Number(0, 100, "%", step=5))
        self.row("overlay_fade_s", "F&ade after", Number(0, 600, "s of silence", at_low="Never"))
        self.form.follow(("overlay_preset",), self._follow_preset)

    def offer_screens(self, screens: tuple[str, ...]) -> None:
        """Offer the screens of this machine."""
        self._screen.fill([_MAIN_SCREEN, *(Choice(name, name) for name in screens)])

    def _follow_preset(self) -> None:
        is_custom = self.form.settings.overlay_preset is CaptionPreset.CUSTOM
        for field in self._colours:
            self.set_row_visible(field, is_visible=is_custom)


def _fonts() -> list[Choice]:
    return [
        Choice("", "The system's"),
        *(
            Choice(family, family)
            for family in QFontDatabase.families()
            if not QFontDatabase.isPrivateFamily(family)
        ),
    ]
