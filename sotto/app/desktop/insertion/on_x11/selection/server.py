"""Answering programs that ask for what we own."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from Xlib import X, Xatom
from Xlib.protocol.event import SelectionNotify
from Xlib.protocol.rq import Event
from Xlib.xobject.drawable import Window

from sotto.app.desktop.insertion.on_x11.selection.connection import Connection
from sotto.app.desktop.insertion.on_x11.selection.content import Content, Format, numbers_format

# Larger contents go in parts of this size: a request to the server holds 256 KiB.
PART_BYTES = 128 << 10
# Parts that nobody has fetched for so long are not wanted any more.
FETCHED_WITHIN_S = 30.0

# Whether the program of this window (of the requestor) may have the content itself.
Permission = Callable[[int], bool]


@dataclass
class Offer:
    """What one of our windows has to give, to whom, and whether somebody has taken it."""

    content: Content
    time: int = X.CurrentTime
    may_take: Permission = lambda _: True
    last_taken_at: float | None = None  # time.monotonic()


@dataclass
class _Transfer:
    """A content on its way in parts."""

    offer: Offer
    form: Format
    sent: int = 0
    asked_at: float = field(default_factory=time.monotonic)


class Server:
    """Serves the offers of our windows, on the connection's thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.offers: dict[int, Offer] = {}  # by the window that owns the selection
        self._transfers: dict[tuple[int, int], _Transfer] = {}  # by requestor and property
        self._targets = connection.atom("TARGETS")
        self._timestamp = connection.atom("TIMESTAMP")
        self._multiple = connection.atom("MULTIPLE")
        self._atom_pair = connection.atom("ATOM_PAIR")
        self._incr = connection.atom("INCR")
        connection.on(X.SelectionRequest, self._answer)

    def hear_change(self, event: Event) -> None:
        """Send the next part to a program that has taken the one before."""
        key = (event.window.id, event.atom)
        if event.state == X.PropertyDelete and key in self._transfers:
            self._send_part(event.window, event.atom, self._transfers[key])

    def _answer(self, event: Event) -> None:
        offer = self.offers.get(event.owner.id)
        wanted_as = event.property or event.target  # programs of old name no property
        is_given = offer is not None and self._give(offer, event, event.target, wanted_as)
        event.requestor.send_event(
            SelectionNotify(
                time=event.time,
                requestor=event.requestor,
                selection=event.selection,
                target=event.target,
                property=wanted_as if is_given else X.NONE,
            )
        )
        self._connection.display.flush()

    def _give(self, offer: Offer, event: Event, target: int, wanted_as: int) -> bool:
        if target == self._multiple:
            return self._give_several(offer, event, wanted_as)
        form = self._form(offer, event, target)
        if form is None:
            return False
        if len(form.data) > PART_BYTES:
            self._begin(offer, event.requestor, wanted_as, form)
            return True
        _write(event.requestor, wanted_as, form)
        if target in offer.content:
            offer.last_taken_at = time.monotonic()
        return True

    def _form(self, offer: Offer, event: Event, target: int) -> Format | None:
        if target == self._targets:
            own = (self._targets, self._timestamp, self._multiple)
            return numbers_format(Xatom.ATOM, [*own, *offer.content])
        if target == self._timestamp:
            return numbers_format(Xatom.INTEGER, [offer.time])
        form = offer.content.get(target)
        return form if form is not None and offer.may_take(event.requestor.id) else None

    def _give_several(self, offer: Offer, event: Event, wanted_as: int) -> bool:
        """Convert to each target of a list of pairs, target and property (ICCCM 2.6.2)."""
        asked = event.requestor.get_full_property(wanted_as, X.AnyPropertyType)
        if asked is None or asked.format != 32:
            return False
        pairs = list(asked.value)
        for at in range(0, len(pairs) - 1, 2):
            target, place = pairs[at : at + 2]
            if target == self._multiple or not self._give(offer, event, target, place):
                pairs[at + 1] = X.NONE
        _write(event.requestor, wanted_as, numbers_format(self._atom_pair, pairs))
        return True

    def _begin(self, offer: Offer, requestor: Window, wanted_as: int, form: Format) -> None:
        self._forget_unfetched()
        requestor.change_attributes(event_mask=X.PropertyChangeMask)
        self._transfers[requestor.id, wanted_as] = _Transfer(offer, form)
        _write(requestor, wanted_as, numbers_format(self._incr, [len(form.data)]))

    def _send_part(self, requestor: Window, place: int, transfer: _Transfer) -> None:
        form = transfer.form
        part = form.data[transfer.sent : transfer.sent + PART_BYTES]
        _write(requestor, place, Format(form.type, form.width, part))
        transfer.sent += len(part)
        transfer.asked_at = time.monotonic()
        if not part:
            transfer.offer.last_taken_at = time.monotonic()
            del self._transfers[requestor.id, place]
        self._connection.display.flush()

    def _forget_unfetched(self) -> None:
        oldest = time.monotonic() - FETCHED_WITHIN_S
        self._transfers = {
            key: each for key, each in self._transfers.items() if each.asked_at > oldest
        }


def _write(window: Window, place: int, form: Format) -> None:
    window.change_property(place, form.type, form.width, form.data)
