"""Strips above the text that say what happened and what to do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours
from sotto.app.ui.widgets.theme.sizes import icon_size, scaled


class Kind(StrEnum):
    """How serious a notice is; also the name of its icon."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """One strip; `action` and `act` give it a button."""

    kind: Kind
    message: str
    action: str = ""
    act: Callable[[], None] | None = None


class BannerArea(QWidget):
    """The strips that are shown, one a topic; a newer notice of a topic replaces the older."""

    def __init__(self, tab_after: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab_after = tab_after  # the control that Tab leaves for the first banner
        self._banners: dict[str, Banner] = {}
        self._colours = LIGHT
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(20, 0, 20, 0)
        self._layout.setSpacing(8)
        self.hide()

    def set_margin(self, pixels: int) -> None:
        """Keep some pixels above the first strip."""
        self._layout.setContentsMargins(20, pixels, 20, 0)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        for banner in self._banners.values():
            banner.set_colours(colours)

    def show_notice(self, topic: str, notice: Notice) -> None:
        """Show `notice`, in place of an earlier one of the same topic."""
        shown = self._banners.get(topic)
        if shown is not None and shown.notice == notice:
            return
        self.dismiss(topic)
        banner = Banner(notice, lambda: self.dismiss(topic), self)
        banner.set_colours(self._colours)
        self._banners[topic] = banner
        self._layout.addWidget(banner)
        # Tab goes through widgets as they were made; a banner comes where it stands instead.
        before = self._tab_after
        for button in banner.findChildren(QAbstractButton):
            self.setTabOrder(before, button)
            before = button
        self.show()
        banner.announce()

    def dismiss(self, topic: str) -> None:
        """Take the notice of this topic away, if there is one."""
        banner = self._banners.pop(topic, None)
        if banner is not None:
            self._layout.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._banners))

    def message(self, topic: str) -> str | None:
        """Return what is shown about a topic."""
        banner = self._banners.get(topic)
        return banner.notice.message if banner else None


class Banner(QFrame):
    """One notice with its icon, its action and a button to take it away."""

    def __init__(self, notice: Notice, dismiss: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setProperty("kind", notice.kind.value)
        self.setAccessibleName(f"{notice.kind.capitalize()}: {notice.message}")
        self._icon = QLabel()
        self._icon.setAccessibleName(notice.kind.capitalize())
        self._close = QToolButton()
        self._close.setAccessibleName("Dismiss this notice")
        self._close.setToolTip("Dismiss")
        self._close.setIconSize(icon_size(18))
        self._close.clicked.connect(dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self._icon)
        layout.addWidget(_message_label(notice.message), 1)
        if notice.action and notice.act:
            layout.addWidget(_action_button(notice.action, notice.act))
        layout.addWidget(self._close)

    def set_colours(self, colours: Colours) -> None:
        """Paint the icons in these colours."""
        self._icon.setPixmap(icons.pixmap(self.notice.kind.value, colours.text, scaled(20)))
        self._close.setIcon(icons.icon("dismiss", colours.text))

    def announce(self) -> None:
        """Have a screen reader speak the notice."""
        if QAccessible.isActive():
            event = QAccessibleAnnouncementEvent(self, self.accessibleName())
            QAccessible.updateAccessibility(event)


def _message_label(message: str) -> QLabel:
    label = QLabel(message)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label


def _action_button(text: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(text.replace("&", ""))
    button.clicked.connect(lambda _checked=False: act())
    return button
