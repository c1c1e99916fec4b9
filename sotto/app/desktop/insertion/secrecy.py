"""Whether what is written now would go where nothing may go: a password field, a locked screen."""

import time
from typing import Any

from sotto.app.desktop.insertion.bus import Bus, open_bus

# All questions together take some 10 ms. Whoever answers later does not keep the text waiting.
ASKED_WITHIN_S = 0.5

LOCKS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
    ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
)
# The session that the caller belongs to, as logind names it.
LOGIN_SESSION = "/org/freedesktop/login1/session/auto"

# AT-SPI 2: https://gitlab.gnome.org/GNOME/at-spi2-core/-/tree/main/xml
ACCESSIBLE_ROOT = "/org/a11y/atspi/accessible/root"
COLLECTION_RULE = "(aiia{ss}iaiiasib)uib"
STATE_FOCUSED = 12
ROLE_PASSWORD_TEXT = 40
MATCH_ALL = 1
MATCH_ANY = 2  # for roles: GTK finds nothing that has all of one role
SORT_CANONICAL = 1


def is_secret(process: int | None) -> bool:
    """Whether the screen is locked, or a password field of `process` has the focus.

    Without `process`, or if no accessible program is of that process, all programs are asked.
    Programs that offer no accessibility (AT-SPI) cannot be told; browsers offer it on demand only.
    """
    deadline = time.monotonic() + ASKED_WITHIN_S
    with open_bus("SESSION", deadline) as session:
        if session is not None and (
            _is_locked(session) or _has_password_focus(session, process, deadline)
        ):
            return True
    with open_bus("SYSTEM", deadline) as system:
        return system is not None and _is_session_locked(system)


def _is_locked(session: Bus) -> bool:
    return any(
        session.ask(name, path, f"{name}.GetActive", answers="b") is True for name, path in LOCKS
    )


def _is_session_locked(system: Bus) -> bool:
    wanted = ("org.freedesktop.login1.Session", "LockedHint")
    get = "org.freedesktop.DBus.Properties.Get"
    hint = system.ask("org.freedesktop.login1", LOGIN_SESSION, get, "ss", *wanted, answers="v")
    return bool(hint == ("b", True))


def _has_password_focus(session: Bus, process: int | None, deadline: float) -> bool:
    address = session.ask("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus.GetAddress", answers="s")
    if not address:
        return False
    with open_bus(address, deadline) as accessibility:
        return accessibility is not None and any(
            _is_password_focused(accessibility, program)
            for program in _programs(accessibility, process)
        )


def _programs(bus: Bus, process: int | None) -> list[str]:
    """The accessible programs, by their names on the bus: those of `process`, or all."""
    listed = bus.ask(
        "org.a11y.atspi.Registry",
        ACCESSIBLE_ROOT,
        "org.a11y.atspi.Accessible.GetChildren",
        answers="a(so)",
    )
    names = [name for name, _ in listed or ()]
    of_process = [name for name in names if _process(bus, name) == process]
    return of_process or names


def _process(bus: Bus, name: str) -> int | None:
    daemon, path = "org.freedesktop.DBus", "/org/freedesktop/DBus"
    number: int | None = bus.ask(
        daemon, path, f"{daemon}.GetConnectionUnixProcessID", "s", name, answers="u"
    )
    return number


def _is_password_focused(bus: Bus, program: str) -> bool:
    states = _bits(STATE_FOCUSED, 2)
    roles = _bits(ROLE_PASSWORD_TEXT, 4)
    rule: Any = (states, MATCH_ALL, {}, MATCH_ALL, roles, MATCH_ANY, [], MATCH_ALL, False)
    method = "org.a11y.atspi.Collection.GetMatches"
    found = bus.ask(
        program,
        ACCESSIBLE_ROOT,
        method,
        COLLECTION_RULE,
        rule,
        SORT_CANONICAL,
        1,
        True,
        answers="a(so)",
    )
    return bool(found)


def _bits(number: int, words: int) -> list[int]:
    """The one bit `number` in as many words of 32 bits."""
    return [1 << number % 32 if at == number // 32 else 0 for at in range(words)]
