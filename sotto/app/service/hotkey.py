"""The hotkeys: from presses anywhere on the desktop to what they ask for."""

import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from sotto.app.core.settings import SettingsStore
from sotto.app.desktop.hotkeys import Chord, Hotkeys
from sotto.app.desktop.hotkeys.gesture import Command, Gesture
from sotto.app.service import qt_thread
from sotto.app.service.background import Background
from sotto.app.service.qt_settings import follow
from sotto.errors import HotkeyError, SottoError
from sotto.inference.languages import AUTO, language_name

DICTATE = "dictate"
CANCEL = "cancel"

# What each chord is bound as, and the chord.
Keys = Mapping[str, str]

Heard = Callable[[str, bool], None]
Lost = Callable[[str], None]
OpenHotkeys = Callable[[Heard, Lost], Hotkeys]


class Hotkey(QObject):
    """Hears the hotkeys and the cancel key. Lives on Qt's thread; a background thread binds.

    Beside the main one there may be others, which each hear a language of their own.

    The cancel key is taken from other programs only while somebody dictates.
    """

    start_wanted = Signal(str)  # the language of the key, or auto; empty for the main key
    stop_wanted = Signal()
    cancel_wanted = Signal()
    pressed = Signal(bool)  # whether any hotkey is down
    status_changed = Signal(str, bool)  # a line about the hotkeys, and whether it is an error

    def __init__(
        self, open_hotkeys: OpenHotkeys, settings: SettingsStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._binder = Background("sotto-hotkey", self)
        self._binding = _Binding(lambda: open_hotkeys(self._hear, self._lose))
        self._settings = settings
        self._gestures: dict[str, Gesture] = {}
        self._bound: Keys | None = None  # None: nothing was ever asked for
        self._is_dictating = False
        self._down: set[str] = set()

    def _hear(self, name: str, is_down: bool) -> None:
        """Take what the thread that listens hears to Qt's."""
        qt_thread.call(lambda: self._follow(name, is_down), self)

    def _lose(self, words: str) -> None:
        """Likewise that it hears nothing any more."""
        qt_thread.call(lambda: self._tell_error(words), self)

    def start(self) -> None:
        """Listen to the keys from now on; `status_changed` tells whether that works."""
        follow(self._settings, ("hotkey", "hotkeys"), lambda _: self._follow_keys(), self)
        follow(self._settings, ("hotkey_mode",), lambda _: self._gestures.clear(), self)
        self._follow_keys()

    def pause(self, is_paused: bool) -> None:
        """Let the hotkeys go for a while, so that they can be pressed for something else."""
        self._bind({} if is_paused else self._keys)

    def dictating(self, *, is_dictating: bool) -> None:
        """Take note that dictation began or ended, whatever was the cause."""
        if is_dictating == self._is_dictating:
            return
        self._is_dictating = is_dictating
        cancel_key = self._settings.current.cancel_key if is_dictating else ""
        for gesture in self._gestures.values():
            gesture.reset(is_dictating)
        self._binder.run(
            lambda: self._binding.bind_quick(CANCEL, cancel_key),
            lambda _: None,
            lambda _: None,  # somebody else has the key: the hotkey itself still ends dictation
        )

    def close(self) -> None:
        """Give the keys back to other programs."""
        self._binder.run(self._binding.close, lambda _: None, lambda _: None)

    @property
    def _keys(self) -> Keys:
        settings = self._settings.current
        more = {_name(chord, language): chord for chord, language in settings.hotkeys.items()}
        return {DICTATE: settings.hotkey} | more if settings.hotkey else more

    @property
    def _languages(self) -> dict[str, str]:
        """The languages of keys by the names that these are bound as; the main key has none."""
        of_keys = self._settings.current.hotkeys
        return {_name(chord, language): language for chord, language in of_keys.items()}

    def _follow_keys(self) -> None:
        if self._bound != self._keys:
            self._bind(self._keys)

    def _bind(self, keys: Keys) -> None:
        self._bound = keys
        self._binder.run(
            lambda: self._binding.bind(keys),
            lambda words: self.status_changed.emit(words, False),
            self._tell_error,
        )

    def _follow(self, name: str, is_down: bool) -> None:
        if name == CANCEL:
            if is_down:
                self.cancel_wanted.emit()
            return
        (self._down.add if is_down else self._down.discard)(name)
        command = self._gesture(name).key(is_down, time.monotonic())
        if command is Command.START:
            self.start_wanted.emit(self._languages.get(name, ""))
        elif command is Command.STOP:
            self.stop_wanted.emit()
        self.pressed.emit(bool(self._down))

    def _gesture(self, name: str) -> Gesture:
        if name not in self._gestures:
            self._gestures[name] = Gesture(self._settings.current.hotkey_mode)
            self._gestures[name].reset(self._is_dictating)
        return self._gestures[name]

    def _tell_error(self, error: SottoError | str) -> None:
        self.status_changed.emit(str(error), True)


def _name(chord: str, language: str) -> str:
    """Return what a key of its own language is bound as; desktops show it to the user."""
    spoken = "any language" if language == AUTO else language_name(language)
    return f"dictate in {spoken} ({chord})"


class _Binding:
    """The keys of this desktop, opened when the first is wanted. Owned by a background thread."""

    def __init__(self, open_hotkeys: Callable[[], Hotkeys]) -> None:
        self._open = open_hotkeys
        self._hotkeys: Hotkeys | None = None
        self._bound: dict[str, str] = {}

    def bind(self, keys: Keys) -> str:
        """Bind these keys, and no others, and return what the user should know.

        Raises:
            HotkeyError: one of them cannot be had; all others are bound.
        """
        for name in [name for name in self._bound if name not in keys]:
            del self._bound[name]
            if self._hotkeys is not None:
                self._hotkeys.unbind(name)
        problems = [error for name, chord in keys.items() if (error := self._try(name, chord))]
        if problems:
            raise problems[0]
        return self._described(next(iter(keys))) if keys else "There is no hotkey."

    def _try(self, name: str, keys: str) -> HotkeyError | None:
        """Bind a key, unless it is, and return what is wrong with it."""
        if self._bound.get(name) == keys:
            return None
        try:
            chord = Chord.parse(keys)
            if self._hotkeys is None:
                self._hotkeys = self._open()
            self._hotkeys.bind(name, chord)
        except HotkeyError as error:
            self._bound[name] = ""  # desktops differ in whether the key of before is still there
            return error
        self._bound[name] = keys
        return None

    def _described(self, name: str) -> str:
        described = self._hotkeys.trigger_description(name) if self._hotkeys else ""
        return f"{described or Chord.parse(self._bound[name])} dictates into the program in front."

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
            self._bound.clear()
