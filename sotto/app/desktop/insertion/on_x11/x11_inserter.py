"""Inserting on X11: paste by the clipboard, or type key by key."""

import contextlib
from collections.abc import Iterator, Sequence
from functools import partial

from Xlib import XK
from Xlib.error import ConnectionClosedError

from sotto.app.core.settings import InsertMethod, Settings
from sotto.app.desktop.insertion.inserted_text import cleaned, terminal_cells
from sotto.app.desktop.insertion.on_x11.selection.connection import open_display
from sotto.app.desktop.insertion.on_x11.x11_clipboard import GONE, Clipboard
from sotto.app.desktop.insertion.on_x11.x11_windows import Windows
from sotto.app.desktop.insertion.on_x11.xtest_keyboard import Hold, Keyboard
from sotto.app.desktop.insertion.rules import Rule, is_terminal, rule_for
from sotto.app.desktop.insertion.secrecy import is_secret
from sotto.app.desktop.insertion.taking_back import runs_back
from sotto.app.desktop.insertion.target import Outcome, Target
from sotto.errors import InsertionError

# The user may still hold the keys that ended the dictation. Releasing them in the user's name
# would leave programs with a press that ends twice, so Sotto waits, and copies if it takes longer.
RELEASED_WITHIN_S = 5.0
# A program that is busy reads its keys later; one that hangs does not.
ANSWERS_WITHIN_S = 10.0
# From having read the chord to having asked for the clipboard.
PASTES_WITHIN_S = 2.0
CHORDS = {
    InsertMethod.PASTE: (XK.XK_v, XK.XK_Control_L),
    InsertMethod.TERMINAL_PASTE: (XK.XK_v, XK.XK_Control_L, XK.XK_Shift_L),
}


@contextlib.contextmanager
def _reported() -> Iterator[None]:
    """Say in one line that the desktop is gone."""
    try:
        yield
    except ConnectionClosedError as error:
        raise InsertionError(GONE) from error


class X11Inserter:
    """Inserts over a connection of its own; one thread at a time uses it.

    The clipboard has a second connection, on a thread of its own (see Clipboard).
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._display = open_display()
        self._windows = Windows(self._display)
        self._keyboard = Keyboard(self._display)
        self._clipboard = Clipboard()
        self._never_paste: set[str] = set()  # windows that have ignored the chord

    @_reported()
    def focused(self) -> Target | None:
        """The window that has the focus, or None."""
        return self._windows.focused()

    @_reported()
    def insert(self, text: str, target: Target) -> Outcome:
        """Write `text` at the caret of `target`; see Inserter."""
        text, rule = cleaned(text), rule_for(target.application, self._settings)
        if rule.method is InsertMethod.CLIPBOARD:
            self._clipboard.copy(text)
            return Outcome.COPIED
        refusal = self._refusal(rule.method, target)
        if refusal is Outcome.COPIED:
            self._clipboard.copy(text)
        return refusal or (self._write(text, target, rule) if text else Outcome.INSERTED)

    @_reported()
    def delete(self, text: str, target: Target) -> Outcome:
        """Take back `text`, which was inserted last; see Inserter.

        X11 does not tell what stands before the caret: if the user has typed since, that goes
        first. Raises InsertionError for lines that a terminal has taken already.
        """
        text, rule = cleaned(text), rule_for(target.application, self._settings)
        if is_terminal(target.application) and "\n" in text:
            raise InsertionError("the terminal has taken that line; it cannot be taken back")
        refusal = self._refusal(rule.method, target)
        if refusal is not None:
            # If the user holds keys down, nothing is done either, and there is nothing to copy.
            return Outcome.MOVED if refusal is Outcome.COPIED else refusal
        if not self._windows.is_focused(target):
            return Outcome.MOVED
        self._press_back(text, target)
        return Outcome.INSERTED

    @_reported()
    def copy(self, text: str) -> None:
        """Put `text` on the clipboard, for the user to paste."""
        self._clipboard.copy(text)

    def close(self) -> None:
        """Hand the clipboard to its manager, if there is one, and leave the desktop."""
        self._clipboard.close()
        with contextlib.suppress(ConnectionClosedError):
            self._display.close()

    def _refusal(self, method: InsertMethod, target: Target) -> Outcome | None:
        """Why nothing may be written now, or None; COPIED if the user holds keys down."""
        self._windows.drain()
        if not self._windows.is_focused(target):
            return Outcome.MOVED
        if method is InsertMethod.NONE:
            return Outcome.SECRET
        hold = self._keyboard.wait_until_free(RELEASED_WITHIN_S)
        if hold is Hold.KEYS:
            return Outcome.COPIED
        if hold is Hold.GRAB or is_secret(self._windows.process(target)):
            return Outcome.SECRET
        return None

    def _write(self, text: str, target: Target, rule: Rule) -> Outcome:
        chord = CHORDS.get(rule.method)
        if chord is None or (target.window in self._never_paste and not rule.is_chosen):
            return self._type(text, target)
        outcome = self._paste(text, target, chord) if self._keyboard.has(*chord) else None
        if outcome is None and not rule.is_chosen:
            return self._type(text, target)
        if outcome is None:
            self._clipboard.copy(text)
        return outcome or Outcome.COPIED

    def _paste(self, text: str, target: Target, chord: Sequence[int]) -> Outcome | None:
        """Paste `text`; None if the clipboard could not be kept or the program has not read it."""
        if not self._clipboard.offer(text, int(target.window, 16)):
            return None
        try:
            return self._paste_offered(text, target, chord)
        finally:
            self._clipboard.restore()

    def _paste_offered(self, text: str, target: Target, chord: Sequence[int]) -> Outcome | None:
        # Some programs read at once whatever is new on the clipboard. Once they have done so, only
        # the chord can make them read.
        if self._hangs(target):
            self._clipboard.copy(text)
            return Outcome.COPIED
        self._clipboard.expect()
        if not self._windows.is_focused(target):
            return Outcome.MOVED
        self._keyboard.press(*chord)
        if self._hangs(target):
            self._clipboard.copy(text)  # our chord is unread, and the program may paste later
            return Outcome.COPIED
        if self._clipboard.wait_until_read(PASTES_WITHIN_S):
            return Outcome.INSERTED
        self._never_paste.add(target.window)
        return None

    def _hangs(self, target: Target) -> bool:
        return self._windows.answers(target, ANSWERS_WITHIN_S) is False

    def _type(self, text: str, target: Target) -> Outcome:
        written = self._keyboard.type(
            text,
            partial(self._windows.is_focused, target),
            partial(self._windows.answers, target, ANSWERS_WITHIN_S),
        )
        if written == len(text):
            return Outcome.INSERTED
        if not written:
            return Outcome.MOVED
        raise InsertionError(
            f"the focus moved while Sotto was typing: {target.title} has only the first "
            f"{written} of {len(text)} characters"
        )

    def _press_back(self, text: str, target: Target) -> None:
        if is_terminal(target.application):
            self._keyboard.press(XK.XK_BackSpace, times=terminal_cells(text))
            return
        for run in runs_back(text):
            if run.is_marked:
                self._keyboard.press(XK.XK_Left, XK.XK_Shift_L, times=run.keys)
            self._keyboard.press(XK.XK_BackSpace, times=1 if run.is_marked else run.keys)
