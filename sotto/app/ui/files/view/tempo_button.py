"""How fast a recording is played."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

TEMPOS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)


class TempoButton(QToolButton):
    """Shows the tempo, and a menu of others when it is pressed."""

    chosen = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip("Playback speed, at the same pitch (< slower, > faster)")
        menu = QMenu(self)
        self._group = QActionGroup(menu)
        self._actions = {tempo: self._action(menu, tempo) for tempo in TEMPOS}
        self.setMenu(menu)
        self._tempo = 1.0
        self._choose(1.0)

    @property
    def tempo(self) -> float:
        """What is chosen: how many times as fast as it was said."""
        return self._tempo

    def step(self, by: int) -> None:
        """Choose the next faster tempo, or with -1 the next slower one."""
        at = TEMPOS.index(self._tempo) + by
        self._choose(TEMPOS[min(max(0, at), len(TEMPOS) - 1)])

    def _action(self, menu: QMenu, tempo: float) -> QAction:
        action = menu.addAction(_words(tempo))
        action.setCheckable(True)
        action.setActionGroup(self._group)
        action.triggered.connect(lambda: self._choose(tempo))
        return action

    def _choose(self, tempo: float) -> None:
        self._actions[tempo].setChecked(True)
        self.setText(_words(tempo))
        self.setAccessibleName(f"Playback speed: {_words(tempo)}")
        if tempo != self._tempo:
            self._tempo = tempo
            self.chosen.emit(tempo)


def _words(tempo: float) -> str:
    return f"{tempo:g} ×"  # noqa: RUF001 (the sign of times)
