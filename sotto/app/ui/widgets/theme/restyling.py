"""Another look for all windows that are open, without keeping Qt's thread for long."""

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from sotto.app.ui.widgets.theme import style
from sotto.app.ui.widgets.theme.colours import Colours

_MANY = 250  # widgets, which take Qt some 25 ms; the settings alone have 500

_PAUSE_MS = 5  # a timer without any may be due in the very turn that starts it


class Restyling(QObject):
    """Takes the old sheet off in one turn of Qt's loop, puts the new one on in the next.

    Nothing is painted in between.

    Attributes:
        app: Qt's.
    """

    changed = Signal(Colours)  # all has this look now, but for what paints itself

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self.app = app
        self._wanted: Colours | None = None
        self._frozen: list[QWidget] = []
        self._next = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._next.timeout.connect(self._put_on)

    def change(self, colours: Colours) -> None:
        """Give all windows this look; within this call where they are few, else soon."""
        self._wanted = colours
        if self._frozen:
            return  # under way: the newest one counts
        is_quick = not self.app.styleSheet() or len(self.app.allWidgets()) < _MANY
        if is_quick or style.is_applied(colours, self.app):
            style.apply(colours, self.app)
            self.changed.emit(colours)
            return
        self._frozen = [each for each in self.app.topLevelWidgets() if each.isVisible()]
        for each in self._frozen:
            each.setUpdatesEnabled(False)
        style.take_off(colours, self.app)
        self._next.start()

    def _put_on(self) -> None:
        assert self._wanted is not None  # noqa: S101  # or nothing were under way
        style.apply(self._wanted, self.app)
        QTimer.singleShot(_PAUSE_MS, self, self._end)

    def _end(self) -> None:
        frozen, self._frozen = self._frozen, []
        for each in frozen:
            if shiboken6.isValid(each):
                each.setUpdatesEnabled(True)
        assert self._wanted is not None  # noqa: S101  # as above
        self.change(self._wanted)  # tells, or begins again with a newer one
