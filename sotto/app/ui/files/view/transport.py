"""Below a recording's waveform: playing it, where it is, and how closely it is seen."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from sotto.app.ui.files.clock_words import clock, length_words
from sotto.app.ui.files.view.tempo_button import TempoButton
from sotto.app.ui.widgets.buttons import name_button, tool_button
from sotto.app.ui.widgets.labels import ElidedLabel
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours
from sotto.app.ui.widgets.theme.sizes import icon_size

_SAID_MS = 4000  # for which what was done stands in the place of the hint


class Transport(QWidget):
    """Buttons, which somebody else connects, the time, and a hint between them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colours = LIGHT
        self._is_playing = False
        self._time = QLabel()
        self._time.setObjectName("secondary")
        self._words = ""  # the hint
        self.hint = ElidedLabel("", "secondary")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._said = QTimer(self, singleShot=True, interval=_SAID_MS)
        self._said.timeout.connect(lambda: self.hint.setText(self._words))
        self.play_button = tool_button("Play", "Space", self)
        self.play_button.setIconSize(icon_size(26))
        self.tempo_button = TempoButton(self)
        self.zoom_out_button = tool_button("Zoom out", "-", self)
        self.zoom_in_button = tool_button("Zoom in", "+", self)
        self._arrange()

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, in reading order."""
        return self.play_button, self.tempo_button, self.zoom_out_button, self.zoom_in_button

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        self.zoom_out_button.setIcon(icons.icon("zoom_out", colours.text))
        self.zoom_in_button.setIcon(icons.icon("zoom_in", colours.text))
        self.show_playing(is_playing=self._is_playing)

    def show_playing(self, *, is_playing: bool) -> None:
        """Offer to pause what is heard, or to play."""
        self._is_playing = is_playing
        picture = "pause" if is_playing else "resume"
        self.play_button.setIcon(icons.icon(picture, self._colours.accent))
        name_button(self.play_button, "Pause" if is_playing else "Play", "Space")

    def show_place(self, place_s: float, length_s: float) -> None:
        """Say where in a recording it is."""
        words = f"{clock(place_s)} / {length_words(length_s)}"
        if words != self._time.text():
            self._time.setText(words)

    def show_zoom(self, closer: bool, further: bool) -> None:
        """Offer what there is to zoom."""
        self.zoom_in_button.setEnabled(closer)
        self.zoom_out_button.setEnabled(further)

    def show_hint(self, words: str) -> None:
        """Say what can be done here."""
        self._words = words
        self._said.stop()
        self.hint.setText(words)

    def say(self, words: str) -> None:
        """Say for a moment what was done, also to who does not see it."""
        self.hint.setText(words)
        self._said.start()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.hint, words))

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 4, 16, 8)
        layout.setSpacing(8)
        layout.addWidget(self.play_button)
        layout.addWidget(self._time)
        layout.addWidget(self.tempo_button)
        layout.addWidget(self.hint, 1)
        layout.addWidget(self.zoom_out_button)
        layout.addWidget(self.zoom_in_button)
