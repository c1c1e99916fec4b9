"""Sotto in the desktop's tray: what it is doing, and everything that a menu can start."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from sotto.app.core.settings import CaptionSource
from sotto.app.dictating.engine import Microphone, Model
from sotto.app.dictating.phases import Phase
from sotto.app.ui.widgets.picker import Choice
from sotto.app.ui.widgets.theme import icons

# Nobody tells of a panel that is started later or ends; asking costs a millisecond.
_LOOK_EVERY_MS = 5000

_STATES = {
    Phase.IDLE: ("tray_idle", "Sotto is ready", "Start &dictation"),
    Phase.PREPARING: ("tray_busy", "Sotto is preparing", "Stop &dictation"),
    Phase.LISTENING: ("tray_listening", "Sotto is listening", "Stop &dictation"),
    Phase.WAITING: ("tray_busy", "Sotto is waiting for the microphone", "Stop &dictation"),
    Phase.FINISHING: ("tray_busy", "Sotto is writing the last words", "Stop &dictation"),
}
_SOURCES = (
    Choice(CaptionSource.MICROPHONE, "Of the &microphone"),
    Choice(CaptionSource.SYSTEM, "Of what the &computer plays"),
)


class Tray(QObject):
    """The icon and its menu. Where the desktop has no tray, it waits for one and harms nothing.

    A left click shows or hides the window, a middle click starts or stops dictation.
    """

    toggle_requested = Signal()  # start or stop dictation
    undo_requested = Signal()  # of what was written last into another application
    window_requested = Signal()  # show the window, or hide it
    microphone_picked = Signal(str)
    model_picked = Signal(str)
    captions_toggled = Signal(bool)
    caption_source_picked = Signal(object)  # CaptionSource
    move_captions_requested = Signal()
    history_requested = Signal()
    settings_requested = Signal()
    quit_requested = Signal()
    availability_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self._phase = Phase.IDLE
        self._fault = ""
        self._build_menu()
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._activated)
        self.is_available = QSystemTrayIcon.isSystemTrayAvailable()
        self._looking = QTimer(self)
        self._looking.setInterval(_LOOK_EVERY_MS)
        self._looking.timeout.connect(self.look)
        self._show_state()

    def show(self) -> None:
        """Appear, now or as soon as there is a tray."""
        self._icon.show()
        self._looking.start()

    def hide(self) -> None:
        """Disappear."""
        self._looking.stop()
        self._icon.hide()

    def look(self) -> None:
        """See whether there is a tray; `availability_changed` tells when that has changed."""
        is_available = QSystemTrayIcon.isSystemTrayAvailable()
        if is_available == self.is_available:
            return
        self.is_available = is_available
        if is_available:
            self._icon.hide()  # an icon shown to nobody stays so
            self._icon.show()
        self.availability_changed.emit(is_available)

    # What the caller shows -----------------------------------------------------------------

    def set_phase(self, phase: Phase) -> None:
        """Show what the dictation is doing; a new dictation clears an earlier fault."""
        self._phase = phase
        if phase is not Phase.IDLE:
            self._fault = ""
        self._show_state()

    def set_fault(self, message: str) -> None:
        """Show that something went wrong, until the next dictation."""
        self._fault = message
        self._show_state()

    def set_window_shown(self, *, is_shown: bool) -> None:
        """Offer to hide the window, or to show it."""
        self._window.setText("Hide &window" if is_shown else "Show &window")

    def set_microphones(self, microphones: Sequence[Microphone], chosen: str) -> None:
        """Offer these, and mark the one that is chosen."""
        choices = [Choice(each.name, each.label) for each in microphones]
        _fill(self._microphones, choices, chosen, self.microphone_picked.emit)

    def set_models(self, models: Sequence[Model], chosen: str) -> None:
        """Offer these, and mark the one that is chosen."""
        choices = [Choice(each.name, each.shown) for each in models]
        _fill(self._models, choices, chosen, self.model_picked.emit)

    def set_chosen(self, microphone: str, model: str) -> None:
        """Mark what was chosen elsewhere."""
        for menu, chosen in ((self._microphones, microphone), (self._models, model)):
            for action in menu.actions():
                action.setChecked(action.data() == chosen)

    def set_captions(self, *, is_shown: bool, source: CaptionSource) -> None:
        """Mark whether captions are shown, and what of."""
        self._captions_shown.setChecked(is_shown)
        for action in self._sources.actions():
            action.setChecked(action.data() == source)

    # Building ------------------------------------------------------------------------------

    def _build_menu(self) -> None:
        menu = self.menu
        menu.setAccessibleName("Sotto")
        self._toggle = menu.addAction("Start &dictation", self.toggle_requested.emit)
        menu.addAction("&Undo last insertion", self.undo_requested.emit)
        menu.addSeparator()
        self._microphones = menu.addMenu("&Microphone")
        self._models = menu.addMenu("M&odel")
        self._build_captions(menu.addMenu("&Captions"))
        menu.addSeparator()
        menu.addAction("&History…", self.history_requested.emit)
        menu.addAction("&Settings…", self.settings_requested.emit)
        self._window = menu.addAction("Show &window", self.window_requested.emit)
        menu.addSeparator()
        menu.addAction("&Quit", self.quit_requested.emit)
        for empty in (self._microphones, self._models):
            empty.menuAction().setVisible(False)  # until something is known

    def _build_captions(self, menu: QMenu) -> None:
        self._captions_shown = menu.addAction("&Show captions")
        self._captions_shown.setCheckable(True)
        self._captions_shown.triggered.connect(self.captions_toggled)
        menu.addSeparator()
        self._sources = QActionGroup(self)
        for choice in _SOURCES:
            picked = partial(self.caption_source_picked.emit, CaptionSource(choice.value))
            _add_radio(menu, self._sources, choice, picked)
        menu.addSeparator()
        menu.addAction("Mo&ve captions…", self.move_captions_requested.emit)

    def _show_state(self) -> None:
        icon, tip, toggle = _STATES[self._phase]
        if self._fault:
            icon, tip = "tray_error", f"Sotto: {self._fault}"
        self._icon.setIcon(icons.coloured_icon(icon))
        self._icon.setToolTip(tip)
        self._toggle.setText(toggle)
        self._toggle.setEnabled(self._phase is not Phase.FINISHING)
        # What is in use cannot be changed.
        for submenu in (self._microphones, self._models):
            submenu.setEnabled(self._phase is Phase.IDLE)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.window_requested.emit()
        elif reason is QSystemTrayIcon.ActivationReason.MiddleClick:
            self.toggle_requested.emit()


def _fill(
    menu: QMenu, choices: Sequence[Choice], chosen: str, picked: Callable[[str], None]
) -> None:
    menu.clear()
    for old in menu.findChildren(QActionGroup):
        old.deleteLater()
    group = QActionGroup(menu)
    for choice in choices:
        action = _add_radio(menu, group, choice, partial(picked, choice.value))
        action.setText(choice.label.replace("&", "&&"))  # a name, not a letter to press
        action.setChecked(choice.value == chosen)
    menu.menuAction().setVisible(bool(choices))


def _add_radio(
    menu: QMenu, group: QActionGroup, choice: Choice, picked: Callable[[], None]
) -> QAction:
    action = menu.addAction(choice.label)
    action.setCheckable(True)
    action.setData(choice.value)
    action.triggered.connect(lambda _checked=False: picked())
    group.addAction(action)
    return action
