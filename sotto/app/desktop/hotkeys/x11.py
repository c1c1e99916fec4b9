"""Hotkeys on X11, by passive grabs: the key is heard pressed and released, and nobody else sees it.

While a grabbed key is held, the X server sends every key to Sotto, those that programs press by
XTest too: whoever types into other programs waits for the release.
"""

import contextlib
import os
import select
import threading
import time
from collections.abc import Callable

from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError, XauthError
from Xlib.protocol.event import KeyPress, KeyRelease, MappingNotify

from sotto.app.desktop.hotkeys.chord import Chord
from sotto.app.desktop.hotkeys.debounce import Debouncer
from sotto.app.desktop.hotkeys.handover import CLOSED, Handover, Result
from sotto.app.desktop.hotkeys.matcher import Matcher
from sotto.app.desktop.hotkeys.x11_grabs import Grabs
from sotto.app.desktop.hotkeys.x11_keyboard import Keyboard, KeyMissingError
from sotto.errors import HotkeyError

_GONE = "The X server has gone, and the hotkeys with it; start Sotto again."


class X11Hotkeys:
    """Hotkeys of one X display.

    A thread of its own owns the connection and everything else here; `bind` and `unbind` hand
    their work over to it. It calls `heard` and `lost`, which must not wait for a thread that binds.
    """

    binds_at_once = True

    def __init__(
        self,
        heard: Callable[[str, bool], None],
        lost: Callable[[str], None],
        display: str | None = None,
    ) -> None:
        """Connect and listen.

        Args:
            heard: called with a name and whether its chord went down.
            lost: called with one line for the user when keys can no longer be heard.
            display: such as `:0`; None for the environment's.

        Raises:
            HotkeyError: there is no such display.
        """
        self._heard = heard
        self._lost = lost
        self._display = _opened(display)
        self._keyboard = Keyboard.read(self._display)
        self._matcher = Matcher()
        self._debouncer = Debouncer()
        self._grabs = Grabs(self._display)
        self._is_open = True
        self._reader, self._writer = os.pipe()
        self._handover = Handover(lambda: os.write(self._writer, b"\0"))
        self._thread = threading.Thread(target=self._run, name="hotkeys", daemon=True)
        self._thread.start()

    def bind(self, name: str, chord: Chord) -> None:
        """Hear `chord` as `name`, in place of what `name` was; where refused, that stays.

        Raises:
            HotkeyError: another program has the key, or the keyboard does not.
        """
        self._do(lambda: self._bind(name, chord))

    def unbind(self, name: str) -> None:
        """Give the chord back to other programs; a release that is owed is heard before."""
        self._do(lambda: self._unbind(name))

    def trigger_description(self, name: str) -> str:  # noqa: ARG002 (see `Hotkeys`)
        """See `Hotkeys.trigger_description`."""
        return ""

    def close(self) -> None:
        """Give all chords back and end the thread."""
        with contextlib.suppress(HotkeyError):  # it ended before
            self._do(self._close)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _do(self, job: Callable[[], Result]) -> Result:
        try:
            return self._handover.do(job)
        except ConnectionClosedError:
            raise HotkeyError(_GONE) from None

    # What follows runs on the thread.

    def _run(self) -> None:
        why = CLOSED
        try:
            while self._is_open:
                self._turn()
            self._display.close()
        except ConnectionClosedError:
            why = _GONE
        finally:
            self._handover.end(why)
        for name in self._matcher.chords:
            self._let_go(name)
        os.close(self._reader)
        os.close(self._writer)
        if why is _GONE:
            self._lost(why)

    def _turn(self) -> None:
        """Tell what has happened; then wait for more, and do what was handed over."""
        now_s = time.monotonic()
        while self._display.pending_events():  # whoever asks the server gets more of them first
            self._read_events(now_s)
        for event in self._debouncer.due(now_s):
            self._key(event.code, event.is_down, 0)
        wait_s = self._debouncer.wait_s(now_s)
        readable, _, _ = select.select([self._display.fileno(), self._reader], [], [], wait_s)
        if self._reader in readable:
            os.read(self._reader, 4096)
            self._handover.run_waiting()

    def _read_events(self, now_s: float) -> None:
        is_remapped = False
        while self._display.pending_events():
            event = self._display.next_event()
            if isinstance(event, KeyPress):
                for each in self._debouncer.press(event.detail, event.time):
                    self._key(each.code, each.is_down, event.state)
            elif isinstance(event, KeyRelease):
                self._debouncer.release(event.detail, event.time, now_s)
            elif isinstance(event, MappingNotify):
                self._display.refresh_keyboard_mapping(event)
                is_remapped = True
        if is_remapped:
            self._follow_keyboard()

    def _key(self, code: int, is_down: bool, state: int) -> None:
        name = self._matcher.key(code, is_down, self._keyboard.modifiers(state))
        if name is not None:
            self._heard(name, is_down)

    def _bind(self, name: str, chord: Chord) -> None:
        self._matcher.check_free(name, chord)
        self._grabs.take(name, chord, self._keyboard)
        self._let_go(name)
        self._matcher.bind(name, chord, self._keyboard.key_codes(chord))

    def _unbind(self, name: str) -> None:
        self._grabs.give_back(name)
        self._let_go(name)

    def _close(self) -> None:
        for name in self._matcher.chords:
            self._unbind(name)
        self._is_open = False

    def _let_go(self, name: str) -> None:
        if self._matcher.unbind(name):
            self._heard(name, False)

    def _follow_keyboard(self) -> None:
        """Grab the keys where the new mapping has them.

        A key that it lacks stays where it was: with a Cyrillic layout, Y is still the same place.
        """
        self._keyboard = Keyboard.read(self._display)
        for name, chord in self._matcher.chords.items():
            try:
                self._grabs.take(name, chord, self._keyboard)
            except KeyMissingError:
                continue
            except HotkeyError as error:
                self._lost(str(error))
            else:
                self._matcher.rebind(name, self._keyboard.key_codes(chord))


def _opened(name: str | None) -> Display:
    try:
        return Display(name)
    except (DisplayError, XauthError, OSError):
        raise HotkeyError(
            "The X server does not answer, so no hotkey can be heard; check DISPLAY, or bind a "
            "key to `sotto record toggle` in the desktop's keyboard settings."
        ) from None
