"""Inserting on Wayland: paste by the clipboard, or type key by key.

What a compositor allows differs. Those of wlroots (Sway, Hyprland, river, labwc, …) let a program
see which window has the focus, own the clipboard, and press keys. KDE allows the clipboard and,
once the user has agreed, keys by the portal; GNOME the keys alone. Where the focus cannot be
seen, targets are empty, and that the user went elsewhere cannot be told. Which keys are held
cannot be seen anywhere; keys of the virtual keyboard do not mix with them.
"""

import contextlib
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import platformdirs

from sotto.app.core.settings import InsertMethod, Settings
from sotto.app.desktop.insertion.inserted_text import cleaned, terminal_cells
from sotto.app.desktop.insertion.on_wayland.portal_keyboard import PortalKeyboard
from sotto.app.desktop.insertion.on_wayland.wayland_clipboard import LentClipboard
from sotto.app.desktop.insertion.rules import is_terminal, rule_for
from sotto.app.desktop.insertion.secrecy import is_secret
from sotto.app.desktop.insertion.taking_back import runs_back
from sotto.app.desktop.insertion.target import Outcome, Target
from sotto.app.desktop.portals.portal import PortalError
from sotto.app.desktop.wayland.connection import Connection, WaylandError
from sotto.app.desktop.wayland.data_control import Clipboard
from sotto.app.desktop.wayland.toplevels import Toplevels
from sotto.app.desktop.wayland.virtual_keyboard import Key, Stroke, VirtualKeyboard
from sotto.errors import InsertionError

Made = TypeVar("Made")

_CHORDS = {
    InsertMethod.PASTE: (Key.V, Key.CTRL),
    InsertMethod.TERMINAL_PASTE: (Key.V, Key.CTRL, Key.SHIFT),
}
_UNSEEN = Target(window="", application="", title="")


class Keyboard(Protocol):
    """What presses keys: the compositor's virtual keyboard, or the portal's."""

    def press(self, key: Key, *held: Key) -> None:
        """Press a key while others are held."""

    def strokes(self, text: str) -> Generator[Stroke]:
        """Give, for each character, the stroke of the key that writes it."""


@contextlib.contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except (PortalError, WaylandError) as error:
        raise InsertionError(f"the desktop does not take text: {error}") from error


class WaylandInserter:
    """Inserts over a connection of its own, whose thread serves the clipboard."""

    @_reported()
    def __init__(self, settings: Settings, token_file: Path | None = None) -> None:
        self._settings = settings
        token_file = token_file or platformdirs.user_state_path("sotto") / "keyboard.token"
        self._connection = Connection()
        seat = self._connection.bind("wl_seat")
        self._windows = _if_offered(partial(Toplevels, self._connection))
        self._clipboard = LentClipboard(_if_offered(partial(Clipboard, self._connection, seat)))
        virtual = _if_offered(partial(VirtualKeyboard, self._connection, seat))
        self._keys = _Keys(virtual, token_file)

    @_reported()
    def focused(self) -> Target | None:
        """The window that has the focus, or None; an empty target where it cannot be seen."""
        if self._windows is None:
            return _UNSEEN
        window = self._windows.active()
        return Target(str(window.number), window.app_id, window.title) if window else None

    @_reported()
    def insert(self, text: str, target: Target) -> Outcome:
        """Write `text` at the caret of `target`; see Inserter."""
        text, method = cleaned(text), rule_for(target.application, self._settings).method
        refusal = self._refusal(method, target)
        if refusal is not None:
            return refusal
        try:
            outcome = self._write(text, target, method)
        except PortalError:  # the user has ended the session
            self._keys.forget()
            outcome = Outcome.COPIED
        if outcome is Outcome.COPIED:
            self._clipboard.copy(text)
        return outcome

    @_reported()
    def delete(self, text: str, target: Target) -> Outcome:
        """Take back `text`, which was inserted last; see Inserter.

        Wayland does not tell what stands before the caret: if the user has typed since, that goes
        first. Raises InsertionError for lines that a terminal has taken already.
        """
        text, method = cleaned(text), rule_for(target.application, self._settings).method
        if is_terminal(target.application) and "\n" in text:
            raise InsertionError("the terminal has taken that line; it cannot be taken back")
        refusal = self._refusal(method, target)
        if refusal is not None:
            return refusal
        keyboard = self._keys.get()
        if keyboard is None:
            raise InsertionError(
                "this desktop lets Sotto press no keys; take the text back by hand"
            )
        back = list(_strokes_back(keyboard, text, target))
        n_struck = self._strike(back, target)
        if 0 < n_struck < len(back):
            raise InsertionError(
                f"the focus moved: only the end of the text was taken back in {target.title}"
            )
        return Outcome.INSERTED if n_struck == len(back) else Outcome.MOVED

    @_reported()
    def copy(self, text: str) -> None:
        """Put `text` on the clipboard, for the user to paste."""
        self._clipboard.copy(text)

    def close(self) -> None:
        """Leave the desktop; what Sotto holds on the clipboard stays, if `wl-copy` is there."""
        with contextlib.suppress(InsertionError):
            self._clipboard.hand_over()
        self._keys.forget()
        self._connection.close()

    def _refusal(self, method: InsertMethod, target: Target) -> Outcome | None:
        """Why nothing may be written now, or None."""
        if method is InsertMethod.CLIPBOARD:
            return None
        if not self._is_focused(target):
            return Outcome.MOVED
        return Outcome.SECRET if method is InsertMethod.NONE or is_secret(None) else None

    def _write(self, text: str, target: Target, method: InsertMethod) -> Outcome:
        keyboard = None if method is InsertMethod.CLIPBOARD else self._keys.get()
        if keyboard is None:
            return Outcome.COPIED
        chord = _CHORDS.get(method)
        if chord is None:
            return self._type(text, target, keyboard)
        stroke = partial(keyboard.press, *chord)
        return self._clipboard.paste(text, lambda: self._strike([stroke], target) == 1)

    def _type(self, text: str, target: Target, keyboard: Keyboard) -> Outcome:
        with contextlib.closing(keyboard.strokes(text)) as strokes:
            n_struck = self._strike(strokes, target)
        if 0 < n_struck < len(text):
            raise InsertionError(
                f"the focus moved while Sotto was typing: {target.title} has only the first "
                f"{n_struck} of {len(text)} characters"
            )
        return Outcome.INSERTED if n_struck == len(text) else Outcome.MOVED

    def _strike(self, strokes: Iterable[Stroke], target: Target) -> int:
        """Press keys as long as the target has the focus; return how many."""
        n_struck = 0
        for stroke in strokes:
            if not self._is_focused(target):
                break
            stroke()
            n_struck += 1
        return n_struck

    def _is_focused(self, target: Target) -> bool:
        now = self.focused()
        return now is not None and now.window == target.window


class _Keys:
    """The keyboard that there is: the compositor's, or the portal's once the user has agreed."""

    def __init__(self, virtual: VirtualKeyboard | None, token_file: Path) -> None:
        self._virtual = virtual
        self._portal: PortalKeyboard | None = None
        self._may_ask = True
        self._token_file = token_file

    def get(self) -> Keyboard | None:
        """Return the keyboard; None where the desktop or the user gives none."""
        if self._virtual is not None:
            return self._virtual
        if self._portal is None and self._may_ask:
            try:
                self._portal = PortalKeyboard(self._token_file)
            except PortalError:
                self._may_ask = False  # asking at every sentence would be worse than copying
        return self._portal

    def forget(self) -> None:
        """End the portal's session."""
        if self._portal is not None:
            self._portal.close()
            self._portal = None


def _if_offered(make: Callable[[], Made]) -> Made | None:
    """Return what `make` makes, or None where the compositor lacks the protocol."""
    try:
        return make()
    except WaylandError:
        return None


def _strokes_back(keyboard: Keyboard, text: str, target: Target) -> Iterator[Stroke]:
    backspace = partial(keyboard.press, Key.BACKSPACE)
    if is_terminal(target.application):
        yield from [backspace] * terminal_cells(text)
        return
    for run in runs_back(text):
        if run.is_marked:
            yield from [partial(keyboard.press, Key.LEFT, Key.SHIFT)] * run.keys
        yield from [backspace] * (1 if run.is_marked else run.keys)
