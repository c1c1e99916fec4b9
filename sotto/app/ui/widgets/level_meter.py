"""How loud the microphone is, as bars that wander to the left."""

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from sotto.app.core.events import Level
from sotto.app.ui.widgets.theme.colours import Colours

_QUIET_DB = -60  # a quiet room; below it nothing is worth showing
_BARS = 26
_BAR, _GAP = 3, 3  # pixels
_STEP_DB = 6  # a screen reader hears of changes of this size, not of every block


class LevelMeter(QProgressBar):
    """A progress bar to screen readers (value in dB of full scale), its own drawing to the eye."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history: deque[float] = deque(maxlen=_BARS)
        self._colours: Colours | None = None
        self.setRange(_QUIET_DB, 0)
        self.setFormat("%v dB")
        self.setAccessibleName("Microphone level")
        self.setAccessibleDescription("Loudness in decibels of full scale; 0 is too loud.")
        self.setToolTip("How loud the microphone is")
        self.silence()

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        self.update()

    def show_levels(self, levels: Sequence[Level]) -> None:
        """Add the newest levels at the right."""
        for level in levels[-_BARS:]:
            self._history.append(1 - _shown_db(level) / _QUIET_DB)
        newest = _shown_db(levels[-1])
        if abs(newest - self.value()) >= _STEP_DB:
            self.setValue(round(newest))
        self.update()

    def silence(self) -> None:
        """Show that nothing is heard."""
        self._history.extend([0.0] * _BARS)
        self.setValue(_QUIET_DB)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Room for all bars."""
        return QSize(_BARS * (_BAR + _GAP), 34)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """A third of the bars still says that something is heard."""
        return QSize(_BARS * (_BAR + _GAP) // 3, 34)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the newest bar at the right, as many as fit."""
        if self._colours is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(
            QColor(self._colours.accent if self.isEnabled() else self._colours.outline)
        )
        right = self.width() - _BAR
        for age, level in enumerate(reversed(self._history)):
            height = max(_BAR, level * self.height())
            top = (self.height() - height) / 2
            bar = QRectF(right - age * (_BAR + _GAP), top, _BAR, height)
            painter.setOpacity(1 - 0.75 * age / _BARS)
            painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)


def _shown_db(level: Level) -> float:
    # A NaN of a broken driver fails every comparison and so counts as quiet.
    return min(level.rms_db, 0.0) if level.rms_db > _QUIET_DB else float(_QUIET_DB)
