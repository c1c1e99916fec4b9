"""Everything the window can do, with its words and keys, declared once."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from sotto.app.core.settings import Theme


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do: the words in the menu (`&` marks the letter to press) and its keys."""

    name: str
    text: str
    keys: tuple[str, ...] = ()
    starts_group: bool = False


COMMANDS = (
    Command("toggle", "&Start or stop", ("Ctrl+R",)),
    Command("play_clip", "&Play the bundled clip"),
    Command("copy", "&Copy text", ("Ctrl+Shift+C",), starts_group=True),
    Command("save", "Sa&ve text as…", ("Ctrl+S",)),
    Command("clear", "C&lear text", ("Ctrl+Shift+Del",)),
    Command("undo_clear", "&Undo clear", ("Ctrl+Z",)),
    Command("larger", "La&rger text", ("Ctrl++", "Ctrl+="), starts_group=True),
    Command("smaller", "S&maller text", ("Ctrl+-",)),
    Command("normal_size", "&Normal text size", ("Ctrl+0",)),
    Command("open", "Op&en recordings…", ("Ctrl+O",), starts_group=True),
    Command("recordings", "Recordin&gs", ("Ctrl+Shift+R",)),
    Command("history", "&History…", ("Ctrl+H",), starts_group=True),
    Command("captions", "Captions &over everything"),
    Command("settings", "Sett&ings…", ("Ctrl+,",)),
    Command("refresh", "Look for microphones and mo&dels again", ("F5",), starts_group=True),
    Command("shortcuts", "&Keyboard shortcuts", ("F1",)),
    Command("quit", "&Quit", ("Ctrl+Q",), starts_group=True),
)


class Actions(QObject):
    """The window's actions by name, and the menu made from them."""

    def __init__(self, window: QWidget, handlers: dict[str, Callable[[], None]]) -> None:
        super().__init__(window)
        self._by_name: dict[str, QAction] = {}
        for command in COMMANDS:
            action = QAction(command.text, window)
            action.setShortcuts([QKeySequence(keys) for keys in command.keys])
            handler = handlers[command.name]
            action.triggered.connect(lambda _checked=False, act=handler: act())
            window.addAction(action)
            self._by_name[command.name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def menu(self, parent: QWidget, submenus: dict[str, QMenu]) -> QMenu:
        """Return the menu; each of `submenus` comes after the command it is named for."""
        menu = QMenu(parent)
        menu.setAccessibleName("Menu")
        for command in COMMANDS:
            if command.starts_group:
                menu.addSeparator()
            menu.addAction(self[command.name])
            if command.name in submenus:
                menu.addMenu(submenus[command.name])
        return menu


class ThemeMenu(QMenu):
    """The themes; the present one is checked."""

    def __init__(self, parent: QWidget, choose: Callable[[Theme], None]) -> None:
        super().__init__("&Theme", parent)
        group = QActionGroup(self)
        self._by_theme: dict[Theme, QAction] = {}
        for each in Theme:
            action = self._by_theme[each] = self.addAction(f"&{each.capitalize()}")
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _checked=False, chosen=each: choose(chosen))

    def check(self, theme: Theme) -> None:
        """Mark the theme that holds now."""
        self._by_theme[theme].setChecked(True)
