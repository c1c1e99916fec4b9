"""The foot of the window: what was just done, and what can be done with all texts."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

_SHOWN_MS = 4000


class Foot(QWidget):
    """A line of news at the left, buttons at the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._news = QLabel()
        self._news.setObjectName("secondary")
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self._news.clear)
        menu = QMenu(self)
        self.export_selected = menu.addAction("&Selected text…")
        self.export_found = menu.addAction("&All listed texts…")
        self.export = _button("E&xport")
        self.export.setMenu(menu)
        self.delete_all = _button("Delete &all…")
        self.close_button = _button("C&lose")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(self._news, 1)
        for button in (self.export, self.delete_all, self.close_button):
            layout.addWidget(button)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What the keyboard reaches, in its order."""
        return self.export, self.delete_all, self.close_button

    @property
    def news(self) -> str:
        """What was said last, as long as it is shown."""
        return self._news.text()

    def say(self, text: str) -> None:
        """Show a few words for a moment, and have a screen reader speak them."""
        self._news.setText(text)
        self._timer.start()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def set_available(self, *, has_texts: bool, n_selected: int) -> None:
        """Offer what there is something for."""
        self.export.setEnabled(has_texts)
        self.delete_all.setEnabled(has_texts)
        self.export_selected.setText(
            "&Selected text…" if n_selected == 1 else f"&Selected texts ({n_selected:,})…"
        )


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setAccessibleName(text.replace("&", "").rstrip("…"))
    return button
