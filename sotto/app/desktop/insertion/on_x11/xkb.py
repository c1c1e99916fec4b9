"""What python-xlib lacks of the XKEYBOARD extension: locked modifiers and layouts.

Source: "The X Keyboard Extension: Protocol Specification", version 1.0.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from Xlib import X
from Xlib.display import Display
from Xlib.protocol import rq

from sotto.errors import InsertionError

EXTENSION = "XKEYBOARD"
USE_CORE_KEYBOARD = 0x0100
ALL_MODIFIERS = 0xFF
# CapsLock and a locked Shift change what a key writes; NumLock does not.
CHANGING_LOCKS = X.LockMask | X.ShiftMask


class _UseExtension(rq.ReplyRequest):
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(0),
        rq.RequestLength(),
        rq.Card16("wanted_major"),
        rq.Card16("wanted_minor"),
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Card8("supported"),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card16("server_major"),
        rq.Card16("server_minor"),
        rq.Pad(20),
    )


class _GetState(rq.ReplyRequest):
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(4),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Pad(2),
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Card8("device"),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card8("mods"),
        rq.Card8("base_mods"),
        rq.Card8("latched_mods"),
        rq.Card8("locked_mods"),
        rq.Card8("group"),
        rq.Card8("locked_group"),
        rq.Pad(18),
    )


class _LatchLockState(rq.Request):
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(5),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Card8("affect_locks"),
        rq.Card8("locks"),
        rq.Bool("lock_group"),
        rq.Card8("group"),
        rq.Card8("affect_latches"),
        rq.Card8("latches"),
        rq.Pad(1),
        rq.Bool("latch_group"),
        rq.Int16("group_latch"),
    )


@dataclass(frozen=True, slots=True)
class Locks:
    """What is locked: a mask of modifiers, and the layout's group (0 to 3)."""

    modifiers: int
    group: int


class Xkb:
    """Reads and sets locks over `display`, on whose thread it is used."""

    def __init__(self, display: Display) -> None:
        self._display = display
        extension = display.query_extension(EXTENSION)
        if extension is None:
            raise InsertionError("the X server has no XKEYBOARD; set insert_method=clipboard")
        self._opcode = extension.major_opcode
        _UseExtension(
            display=self._display.display, opcode=self._opcode, wanted_major=1, wanted_minor=0
        )

    def locks(self) -> Locks:
        """What is locked now."""
        state = _GetState(
            display=self._display.display, opcode=self._opcode, device=USE_CORE_KEYBOARD
        )
        return Locks(state.locked_mods, state.locked_group)

    @contextmanager
    def locked(self, group: int) -> Iterator[None]:
        """Lock `group` and no CapsLock, and afterwards what was locked before."""
        before = self.locks()
        self.lock(Locks(0, group))
        try:
            yield
        finally:
            self.lock(before)
            self._display.sync()

    def lock(self, locks: Locks) -> None:
        """Set CapsLock, Shift and the layout to `locks`, and forget keys pressed for the next."""
        _LatchLockState(
            display=self._display.display,
            opcode=self._opcode,
            device=USE_CORE_KEYBOARD,
            affect_locks=CHANGING_LOCKS,
            locks=locks.modifiers & CHANGING_LOCKS,
            lock_group=True,
            group=locks.group,
            affect_latches=ALL_MODIFIERS,
            latches=0,
            latch_group=False,
            group_latch=0,
        )
