"""What holding and tapping the hotkey mean."""

from enum import Enum, auto

from sotto.app.core.settings import HotkeyMode

HOLD_S = 0.4  # a shorter press is a tap


class Command(Enum):
    """What dictation is to do."""

    START = auto()
    STOP = auto()


class Gesture:
    """Turns presses and releases of one key into commands, which always alternate.

    Times are given in seconds of any steady clock. Owned by one thread.
    """

    def __init__(self, mode: HotkeyMode) -> None:
        self._mode = mode
        self._is_running = False
        self._pressed_s: float | None = None  # None while the key is up
        self._started_by_press = False  # the press that lasts began dictation

    def key(self, is_down: bool, now_s: float) -> Command | None:
        """Return what the press or the release asks for, if anything."""
        if is_down == (self._pressed_s is not None):
            return None  # a repetition: nothing has changed
        return self._press(now_s) if is_down else self._release(now_s)

    def reset(self, is_running: bool = False) -> None:
        """Take note of whether dictation runs; it may be something else that ended or began it."""
        if is_running != self._is_running:
            self._is_running = is_running
            self._started_by_press = False

    def _press(self, now_s: float) -> Command | None:
        self._pressed_s = now_s
        if not self._is_running:
            self._started_by_press = True
            return self._command(Command.START)
        self._started_by_press = False
        # While the key talks, its release is what ends dictation, whoever began it.
        return None if self._mode is HotkeyMode.PUSH_TO_TALK else self._command(Command.STOP)

    def _release(self, now_s: float) -> Command | None:
        held_s = now_s - (self._pressed_s or 0.0)
        self._pressed_s = None
        if self._is_running and self._ends_on_release(held_s):
            return self._command(Command.STOP)
        return None

    def _ends_on_release(self, held_s: float) -> bool:
        if self._mode is HotkeyMode.TAP_OR_HOLD:
            return self._started_by_press and held_s >= HOLD_S
        return self._mode is HotkeyMode.PUSH_TO_TALK

    def _command(self, command: Command) -> Command:
        self._is_running = command is Command.START
        return command
