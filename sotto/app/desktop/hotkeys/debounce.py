"""Tells a key that is let go from one that repeats or bounces."""

from dataclasses import dataclass

# X11 repeats a held key as release and press at the same instant; worn switches bounce within a
# few milliseconds; nobody lets go of a key and presses it again within this time.
BOUNCE_MS = 30


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """A key goes down or up."""

    code: int
    is_down: bool


@dataclass(slots=True)
class _Release:
    server_ms: int  # the X server's time
    due_s: float  # our steady clock's


class Debouncer:
    """Holds each release back until no press can follow it at once. Owned by one thread."""

    def __init__(self) -> None:
        self._down: set[int] = set()
        self._released: dict[int, _Release] = {}

    def press(self, code: int, server_ms: int) -> list[KeyEvent]:
        """Return what this press says; nothing where the key only repeats.

        A press of a key that is down says that its release went elsewhere: X11 never repeats a
        press without a release.
        """
        release = self._released.pop(code, None)
        if release is not None and server_ms - release.server_ms <= BOUNCE_MS:
            return []
        events = [KeyEvent(code, False)] if code in self._down else []
        self._down.add(code)
        return [*events, KeyEvent(code, True)]

    def release(self, code: int, server_ms: int, now_s: float) -> None:
        """Take note of a release, which `due` tells when it is certain."""
        if code in self._down:
            self._released[code] = _Release(server_ms, now_s + BOUNCE_MS / 1000)

    def due(self, now_s: float) -> list[KeyEvent]:
        """Return the releases that are certain by now."""
        codes = [code for code, release in self._released.items() if release.due_s <= now_s]
        for code in codes:
            del self._released[code]
        self._down.difference_update(codes)
        return [KeyEvent(code, False) for code in codes]

    def wait_s(self, now_s: float) -> float | None:
        """Return the time until the next release is certain; None while none is waited for."""
        if not self._released:
            return None
        return max(0.0, min(release.due_s for release in self._released.values()) - now_s)
