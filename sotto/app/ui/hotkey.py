"""The hotkey: from presses anywhere on the desktop to what they ask for."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from sotto.app.core.settings import Settings
from sotto.app.desktop.hotkeys import Chord, Hotkeys
from sotto.app.desktop.hotkeys.gesture import Command, Gesture
from sotto.app.ui.background import Background
from sotto.errors import SottoError

DICTATE = "dictate"
CANCEL = "cancel"

Heard = Callable[[str, bool], None]
Lost = Callable[[str], None]
OpenHotkeys = Callable[[Heard, Lost], Hotkeys]


class Hotkey(QObject):
    """Hears the hotkey and the cancel key. Lives on Qt's thread; a background thread binds.

    The cancel key is taken from other programs only while somebody dictates.
    """

    start_wanted = Signal()
    stop_wanted = Signal()
    cancel_wanted = Signal()
    pressed = Signal(bool)  # whether the hotkey went down
    status_changed = Signal(str, bool)  # a line about the hotkey, and whether it is an error

    _heard = Signal(str, bool)
    _lost = Signal(str)

    def __init__(self, open_hotkeys: OpenHotkeys, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._binder = Background("sotto-hotkey", self)
        self._binding = _Binding(lambda: open_hotkeys(self._heard.emit, self._lost.emit))
        self._settings = Settings()
        self._gesture = Gesture(self._settings.hotkey_mode)
        self._bound: str | None = None  # None: nothing was ever asked for
        self._is_dictating = False
        self.is_down = False
        # Queued: they are emitted in the thread that listens.
        self._heard.connect(self._follow, Qt.ConnectionType.QueuedConnection)
        self._lost.connect(self._tell_error, Qt.ConnectionType.QueuedConnection)

    def use(self, settings: Settings) -> None:
        """Listen to these keys from now on; `status_changed` tells whether that works."""
        before, self._settings = self._settings, settings
        if before.hotkey_mode is not settings.hotkey_mode:
            self._gesture = Gesture(settings.hotkey_mode)
            self._gesture.reset(self._is_dictating)
        if self._bound != settings.hotkey:
            self._bind(settings.hotkey)

    def pause(self, is_paused: bool) -> None:
        """Let the hotkey go for a while, so that it can be pressed for something else."""
        self._bind("" if is_paused else self._settings.hotkey)

    def dictating(self, *, is_dictating: bool) -> None:
        """Take note that dictation began or ended, whatever was the cause."""
        if is_dictating == self._is_dictating:
            return
        self._is_dictating = is_dictating
        self._gesture.reset(is_dictating)
        self._binder.run(
            lambda: self._binding.bind_quick(
                CANCEL, self._settings.cancel_key if is_dictating else ""
            ),
            lambda _: None,
            lambda _: None,  # somebody else has the key: the hotkey itself still ends dictation
        )

    def close(self) -> None:
        """Give the keys back to other programs."""
        self._binder.run(self._binding.close, lambda _: None, lambda _: None)

    def _bind(self, keys: str) -> None:
        self._bound = keys
        self._binder.run(
            lambda: self._binding.bind(DICTATE, keys),
            lambda words: self.status_changed.emit(words, False),
            self._tell_error,
        )

    def _follow(self, name: str, is_down: bool) -> None:
        if name == CANCEL:
            if is_down:
                self.cancel_wanted.emit()
            return
        self.is_down = is_down
        command = self._gesture.key(is_down, time.monotonic())
        if command is Command.START:
            self.start_wanted.emit()
        elif command is Command.STOP:
            self.stop_wanted.emit()
        self.pressed.emit(is_down)

    def _tell_error(self, error: SottoError | str) -> None:
        self.status_changed.emit(str(error), True)


class _Binding:
    """The keys of this desktop, opened when the first is wanted. Owned by a background thread."""

    def __init__(self, open_hotkeys: Callable[[], Hotkeys]) -> None:
        self._open = open_hotkeys
        self._hotkeys: Hotkeys | None = None

    def bind(self, name: str, keys: str) -> str:
        """Bind a key, or none, and return what the user should know."""
        if not keys:
            if self._hotkeys is not None:
                self._hotkeys.unbind(name)
            return "There is no hotkey."
        chord = Chord.parse(keys)
        if self._hotkeys is None:
            self._hotkeys = self._open()
        self._hotkeys.bind(name, chord)
        described = self._hotkeys.trigger_description(name)
        return f"{described or chord} dictates into the program in front."

    def bind_quick(self, name: str, keys: str) -> None:
        """Bind a key for a moment, where the desktop does so without asking the user."""
        if self._hotkeys is None or not self._hotkeys.binds_at_once:
            return
        if keys:
            self._hotkeys.bind(name, Chord.parse(keys))
        else:
            self._hotkeys.unbind(name)

    def close(self) -> None:
        if self._hotkeys is not None:
            self._hotkeys.close()
            self._hotkeys = None
