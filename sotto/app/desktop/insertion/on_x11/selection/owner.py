"""Owning the clipboard for a moment, and giving it back as it was."""

import time

from Xlib import X
from Xlib.ext.xfixes import XFixesSetSelectionOwnerNotifyMask
from Xlib.protocol.request import SetSelectionOwner
from Xlib.protocol.rq import Event
from Xlib.xobject.drawable import Window

from sotto.app.desktop.insertion.on_x11.clients import Clients
from sotto.app.desktop.insertion.on_x11.selection.connection import Connection
from sotto.app.desktop.insertion.on_x11.selection.content import Content, text_content
from sotto.app.desktop.insertion.on_x11.selection.reader import Reader, UnreadableError
from sotto.app.desktop.insertion.on_x11.selection.server import Offer, Server
from sotto.errors import InsertionError

# Between reading the clipboard and owning it somebody may have copied something. Whoever copies
# that often is no user.
TRIES = 3
# Some programs read the text twice, once to see whether there is any. They do so at once.
READ_AGAIN_WITHIN_S = 0.04
# The clipboard manager copies what we hold when we end.
TAKEN_OVER_WITHIN_S = 3.0


class ClipboardOwner:
    """The clipboard as one thread has it; Clipboard talks to it from another.

    Two windows own it by turns, so that whoever asks is given what was there when they asked:
    `offered` while a text is inserted, `kept` for what the user has on the clipboard.
    """

    def __init__(self) -> None:
        self.connection = Connection()
        self._display = self.connection.display
        self._clients = Clients(self._display)
        self._server = Server(self.connection)
        self._clipboard = self.connection.atom("CLIPBOARD")
        self._reader = Reader(self.connection, self._clipboard)
        self._offered, self._kept = self.connection.window(), self.connection.window()
        self._copies = 0  # how often another program has taken the clipboard
        self._is_taken_over = False
        self.connection.on(X.PropertyNotify, self._hear_change)
        self.connection.on(X.SelectionClear, self._hear_clear)
        self._watch_copies()

    def offer(self, text: str, target: int) -> bool:
        """Keep what is on the clipboard and put `text` there, for the program of `target` alone.

        Nobody else is given it: not the clipboard managers, which read whatever is new, and not
        before the target. False, and nothing is changed, if the clipboard cannot be kept.
        """
        content = text_content(self._display, text, is_private=True)
        offer = Offer(content, may_take=lambda window: self._clients.are_one(window, target))
        for _ in range(TRIES):
            try:
                owner, copies = self._owner(), self._copies
                kept = self._read(owner)
            except UnreadableError:
                return False
            if self._own(self._offered, offer, owner, copies):
                self._server.offers[self._kept.id] = Offer(kept)
                return True
        return False

    def expect(self) -> None:
        """From now on the target is expected to read.

        Raises:
            InsertionError: another program has taken the clipboard since `offer`.
        """
        self.connection.handle_pending()
        self._offer().last_taken_at = None

    def wait_until_read(self, limit_s: float) -> bool:
        """Wait until the target has read the text; False if it has not within `limit_s`.

        Raises:
            InsertionError: another program has taken the clipboard before.
        """
        offer = self._offer()
        self.connection.pump(lambda: offer.last_taken_at is not None or self._is_lost(), limit_s)
        if offer.last_taken_at is None:
            self._offer()  # raises if it is lost
            return False
        while (left := offer.last_taken_at + READ_AGAIN_WITHIN_S - time.monotonic()) > 0:
            self.connection.pump(lambda: False, left)
        return True

    def restore(self) -> None:
        """Give back what was there before `offer`, unless somebody has copied something since."""
        owner, kept = self._owner(), self._server.offers.get(self._kept.id)
        if owner == self._kept.id or kept is None:
            return  # Sotto's own text is to stay
        if not kept.content:
            self._disown()
        elif not self._own(self._kept, kept, self._offered.id):
            del self._server.offers[self._kept.id]

    def copy(self, text: str) -> None:
        """Put `text` on the clipboard, for everybody and to stay."""
        offer = Offer(text_content(self._display, text, is_private=False))
        self._own(self._kept, offer, self._owner())

    def close(self) -> None:
        """Hand what is on the clipboard to the clipboard manager, if there is one, and end."""
        manager = self.connection.atom("CLIPBOARD_MANAGER")
        if self._owner() == self._kept.id and self._display.get_selection_owner(manager):
            save = self.connection.atom("SAVE_TARGETS")
            self.connection.on(X.SelectionNotify, self._hear_manager)
            self._kept.convert_selection(manager, save, save, X.CurrentTime)
            self.connection.pump(lambda: self._is_taken_over, TAKEN_OVER_WITHIN_S)
        self._display.close()

    def _is_lost(self) -> bool:
        return self._offered.id not in self._server.offers

    def _offer(self) -> Offer:
        if self._is_lost():
            raise InsertionError("another program took the clipboard; insert the text again")
        return self._server.offers[self._offered.id]

    def _read(self, owner: int) -> Content:
        if owner == X.NONE:
            return {}
        if owner in {self._kept.id, self._offered.id}:
            return self._server.offers[self._kept.id].content
        return self._reader.read()

    def _own(self, window: Window, offer: Offer, before: int, copies: int | None = None) -> bool:
        """Own the clipboard with `window`, if the window `before` still does.

        `copies` is what was counted when `before` was read, whose content may have changed since.
        The time is taken first: the server ignores us if somebody has owned it since then. So it
        need not be held (XGrabServer): Qt's thread and this one would wait for each other.
        """
        offer.time = self.connection.server_time()
        self._display.sync()
        self.connection.handle_pending()
        if self._owner() != before or copies not in {None, self._copies}:
            return False
        self._server.offers[window.id] = offer
        window.set_selection_owner(self._clipboard, offer.time)
        return self._owner() == window.id

    def _disown(self) -> None:
        now = self.connection.server_time()  # whoever owns it from now on is not disowned
        if self._owner() == self._offered.id:
            SetSelectionOwner(
                display=self._display.display,
                window=X.NONE,
                selection=self._clipboard,
                time=now,
            )

    def _owner(self) -> int:
        owner = self._display.get_selection_owner(self._clipboard)
        return owner.id if isinstance(owner, Window) else X.NONE

    def _watch_copies(self) -> None:
        self._display.xfixes_query_version()
        self._display.xfixes_select_selection_input(
            self._kept, self._clipboard, XFixesSetSelectionOwnerNotifyMask
        )
        kind, _ = self._display.extension_event.SetSelectionOwnerNotify
        self.connection.on(kind, self._hear_owner)

    def _hear_owner(self, event: Event) -> None:
        owner = event.owner.id if isinstance(event.owner, Window) else X.NONE
        self._copies += owner not in {self._kept.id, self._offered.id}

    def _hear_clear(self, event: Event) -> None:
        self._server.offers.pop(event.window.id, None)

    def _hear_change(self, event: Event) -> None:
        self._reader.hear_change(event)
        self._server.hear_change(event)

    def _hear_manager(self, _: Event) -> None:
        self._is_taken_over = True
