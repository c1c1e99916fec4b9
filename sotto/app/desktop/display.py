"""Whether the screen can be used that the environment names; where not, Qt ends the process.

Names of X displays: https://www.x.org/releases/current/doc/man/man7/X.7.xhtml ("DISPLAY NAMES");
of Wayland's: https://wayland.freedesktop.org/docs/html/apb.html (wl_display_connect).
"""

import ctypes
import os
import re
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing

from sotto.c_messages import c_messages_hidden
from sotto.errors import DesktopError

_X_NAME = re.compile(r"(?:\w+/)?(?P<host>.*):(?P<number>\d{1,4})(?:\.\d+)?")
_X_PORT = 6000
_ANSWERS_WITHIN_S = 5.0  # of an X server on another machine
_XCB = "libxcb.so.1"  # Qt's own way to an X server

Address = str | tuple[str, int]


def check_display(environ: Mapping[str, str] = os.environ) -> None:
    """See that there is a screen for Qt.

    Raises:
        DesktopError: None that the environment names answers.
    """
    platform = environ.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if sys.platform != "linux" or platform not in {"", "xcb", "wayland"}:
        return
    names = {"xcb": "DISPLAY", "wayland": "WAYLAND_DISPLAY"}
    meant = [names[platform]] if platform else list(names.values())
    given = [name for name in meant if environ.get(name)]
    answering = [name for name in given if _answers(name, environ)]
    if environ.get("WAYLAND_SOCKET") or any(_lets_us_in(name, environ) for name in answering):
        return
    told = " and ".join(f"{name} is {environ[name]!r}" for name in given)
    if answering:
        raise DesktopError(
            f"the screen does not let this user in ({told}): log in to the desktop as this user, "
            "have XAUTHORITY name the file with its key, or use: sotto listen"
        )
    raise DesktopError(
        f"no screen can be reached ({told or f'{meant[0]} is not set'}); run it in a desktop's "
        "terminal, or use: sotto listen"
    )


def _lets_us_in(name: str, environ: Mapping[str, str]) -> bool:
    """Whether a screen that answers takes us: an X server may want a key that we do not have."""
    if name != "DISPLAY":
        return True
    try:
        xcb = ctypes.CDLL(_XCB)
    except OSError:  # Qt tells of that
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    with c_messages_hidden():
        connection = ctypes.c_void_p(xcb.xcb_connect(os.fsencode(environ[name]), None))
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


def _answers(name: str, environ: Mapping[str, str]) -> bool:
    addresses = _of_x(environ[name]) if name == "DISPLAY" else _of_wayland(environ)
    return any(map(_can_connect, addresses))


def _of_x(name: str) -> Iterator[Address]:
    parsed = _X_NAME.fullmatch(name)
    if parsed is None:
        return
    path = f"/tmp/.X11-unix/X{parsed['number']}"  # noqa: S108 (where it is)
    if parsed["host"] in {"", "unix"}:
        yield from (f"\0{path}", path)
    yield parsed["host"].strip("[]") or "localhost", _X_PORT + int(parsed["number"])


def _of_wayland(environ: Mapping[str, str]) -> Iterator[Address]:
    yield os.path.join(environ.get("XDG_RUNTIME_DIR", ""), environ["WAYLAND_DISPLAY"])  # noqa: PTH118 (a text)


def _can_connect(address: Address) -> bool:
    try:
        if isinstance(address, tuple):
            socket.create_connection(address, _ANSWERS_WITHIN_S).close()
            return True
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as connection:
            connection.settimeout(_ANSWERS_WITHIN_S)
            connection.connect(address)
            return True
    except (OSError, ValueError):  # ValueError: no address at all, or one that is too long
        return False
