"""The head of the window: what listens, what understands, and what can be done with the text."""

from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from sotto.app.ui.main_window.actions import Actions
from sotto.app.ui.widgets.picker import Picker
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import Colours
from sotto.app.ui.widgets.theme.sizes import icon_size

_BUTTONS = ("copy", "save", "clear")
_WIDE_ENOUGH = 600  # pixels; below it the buttons are in the menu only


class Header(QWidget):
    """Pickers at the left, buttons at the right."""

    def __init__(self, actions: Actions, menu: QMenu, parent: QWidget) -> None:
        super().__init__(parent)
        self.microphone = Picker("microphone", "Microphone", "Microphone to listen to", self)
        self.model = Picker("model", "Model", "Speech model that writes the text", self)
        self._buttons = {name: _button(actions[name], self) for name in _BUTTONS}
        self._menu = _menu_button(menu, self)
        for keys, picker in (("Alt+M", self.microphone), ("Alt+O", self.model)):
            QShortcut(QKeySequence(keys), self, picker.setFocus)
            picker.setToolTip(f"{picker.toolTip()} ({keys})")
        QShortcut(QKeySequence("F10"), self, self._menu.showMenu)
        self._arrange()

    def set_colours(self, colours: Colours) -> None:
        """Paint the icons in these colours."""
        for name, button in (*self._buttons.items(), ("menu", self._menu)):
            button.setIcon(icons.icon(name, colours.text))
        self.microphone.set_colours(colours)
        self.model.set_colours(colours)

    @property
    def last_control(self) -> QWidget:
        """The control at the right end."""
        return self._menu

    def set_pickable(self, pickable: bool) -> None:
        """Let microphone and model be changed, or not while they are in use."""
        self.microphone.setEnabled(pickable)
        self.model.setEnabled(pickable)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Where it is narrow, the names of microphone and model need the buttons' room."""
        super().resizeEvent(event)
        for button in self._buttons.values():
            button.setVisible(event.size().width() >= _WIDE_ENOUGH)

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 16, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(self.microphone, 4)
        layout.addWidget(self.model, 3)
        layout.addStretch(1)
        for button in (*self._buttons.values(), self._menu):
            layout.addWidget(button)


def _button(action: QAction, parent: QWidget) -> QToolButton:
    words = action.text().replace("&", "").rstrip("…")
    button = _tool_button(words, parent)
    button.setToolTip(f"{words} ({action.shortcut().toString()})")
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button


def _menu_button(menu: QMenu, parent: QWidget) -> QToolButton:
    button = _tool_button("Menu", parent)
    button.setToolTip("Menu (F10)")
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button


def _tool_button(words: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setAccessibleName(words)
    button.setIconSize(icon_size(20))
    return button
