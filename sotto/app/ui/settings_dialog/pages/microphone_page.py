"""Microphone: which one, how loud it is, and when a paragraph begins and ends."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from sotto.app.core.events import Level
from sotto.app.dictating.engine import Microphone
from sotto.app.service.microphone_level import MicrophoneLevel
from sotto.app.ui.fields.fields import Number, Selection
from sotto.app.ui.settings_dialog.pages.page import Page
from sotto.app.ui.widgets.buttons import push_button
from sotto.app.ui.widgets.level_meter import LevelMeter
from sotto.app.ui.widgets.picker import Choice
from sotto.app.ui.widgets.theme.colours import Colours

_STRICTNESS = (
    Choice("0", "Hears the faintest voice"),
    Choice("1", "Hears a faint voice"),
    Choice("2", "Balanced"),
    Choice("3", "Ignores all but a clear voice"),
)


class MicrophonePage(Page):
    """The picker, a level test, standby, and the endpointer's values."""

    title = "Microphone"
    icon = "microphone"

    def fill(self) -> None:
        """See `Page.fill`."""
        self._tested = ""
        self._listening = MicrophoneLevel(self)
        self._listening.levels.connect(self._show_levels)
        self._listening.failed.connect(self._fail)
        self.section("Sound")
        self._microphone = Selection([Choice("", "Default microphone")])
        self.row("microphone", "&Microphone", self._microphone)
        self.form.follow(("microphone",), self._follow_microphone)
        self.add("Level", self._level_test())
        self.toggle(
            "standby",
            "&Keep the microphone open",
            "So that a word begun just before the hotkey is heard. Older sound is forgotten "
            "at once, and none is kept.",
        )
        self.section("Fine tuning", "What makes a paragraph. The defaults suit most people.")
        self.row("aggressiveness", "Noi&se", Selection(_STRICTNESS))
        self.row("onset_ms", "Voice that &begins one", Number(20, 1000, "ms", step=20))
        self.row("pre_roll_ms", "Sound kept from be&fore", Number(0, 2000, "ms", step=100))
        self.row("pause_ms", "Pause to &revise its words", Number(60, 2000, "ms", step=20))
        self.row("hang_over_ms", "Silence that &ends one", Number(200, 5000, "ms", step=100))

    def offer_microphones(self, microphones: tuple[Microphone, ...]) -> None:
        """Offer the microphones of this machine."""
        found = [Choice(microphone.name, microphone.label) for microphone in microphones]
        self._microphone.fill(found or [Choice("", "No microphone")])

    def set_colours(self, colours: Colours) -> None:
        """See `Page.set_colours`."""
        self._meter.set_colours(colours)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  # Qt's name
        """Nothing listens that cannot be seen."""
        self._stop("")
        super().hideEvent(event)

    def _level_test(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        self._button = push_button("&Test", self._toggle)
        self._meter = LevelMeter()
        self._said = QLabel()
        self._said.setObjectName("secondary")
        self._said.setWordWrap(True)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self._button)
        row.addWidget(self._meter)
        row.addWidget(self._said, 1)
        self._stop("")
        return box

    def _toggle(self) -> None:
        if self._listening.is_running:
            self._stop("")
        else:
            self._button.setText("Stop &test")
            self._button.setAccessibleName("Stop test")
            self._said.setText("Say something …")
            self._meter.setEnabled(True)
            self._start()

    def _start(self) -> None:
        self._tested = self.form.settings.microphone
        self._listening.start(self._tested)

    def _follow_microphone(self) -> None:
        if self._listening.is_running and self.form.settings.microphone != self._tested:
            self._start()

    def _show_levels(self, levels: Sequence[Level]) -> None:
        self._meter.show_levels(levels)
        self._said.setText("")

    def _fail(self, why: str) -> None:
        self._stop(why)

    def _stop(self, said: str) -> None:
        self._listening.stop()
        self._button.setText("&Test")
        self._button.setAccessibleName("Test the microphone")
        self._said.setText(said)
        self._meter.silence()
        self._meter.setEnabled(False)
