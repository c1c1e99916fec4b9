"""The real desktop portal on a session bus of its own, in front of a commanded backend."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney.bus_messages import message_bus
from jeepney.io.threading import DBusConnection, DBusRouter, Proxy, open_dbus_connection

from tests.helpers.portal_backend import BACKEND, REMOTE_DESKTOP, SHORTCUTS, Backend
from tests.helpers.sway import end, wait_until

_PORTAL_NAME = "org.freedesktop.portal.Desktop"
_FOLDERS = (Path("/usr/libexec"), Path("/usr/lib"))  # Debian and Fedora; Arch

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <servicedir>{folder}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
# What the portal remembers by; the other services of a desktop stay away.
_PERMISSION_STORE = """[D-BUS Service]
Name=org.freedesktop.impl.portal.PermissionStore
Exec={program}
"""
# `UseIn` is read by portals before 1.17, `portals.conf` by later ones.
_PORTAL = """[portal]
DBusName={backend}
Interfaces={interfaces}
UseIn=test
"""


class Desktop:
    """A session bus, and the portal on it as long as that runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._portal: subprocess.Popen[bytes] | None = None

    @property
    def portal_runs(self) -> bool:
        """Whether the portal answers on the bus."""
        with contextlib.closing(open_dbus_connection()) as connection:
            return _has_owner(connection, _PORTAL_NAME)

    def start_portal(self) -> None:
        """Start the portal's frontend and wait until it is there."""
        self._portal = subprocess.Popen(
            [_program("xdg-desktop-portal")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(lambda: self.portal_runs, "the portal did not start")

    def stop_portal(self) -> None:
        """End the frontend, as a crash or an update does."""
        if self._portal is not None:
            end(self._portal)
            self._portal = None


@contextlib.contextmanager
def session_bus() -> Iterator[Desktop]:
    """Run a bus that this process, and what it starts, use; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sotto-bus-") as name, _environment(Path(name)):
        folder = Path(name)
        (folder / "bus.conf").write_text(_BUS.format(folder=folder), encoding="utf-8")
        program = _program("xdg-permission-store")
        service = _PERMISSION_STORE.format(program=program)
        (folder / "store.service").write_text(service, encoding="utf-8")
        process = subprocess.Popen(
            ["dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork", "--nopidfile"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        desktop = Desktop(folder)
        try:
            wait_until(_bus_answers, "dbus-daemon did not start; is the package dbus installed?")
            yield desktop
        finally:
            desktop.stop_portal()
            end(process)


@contextlib.contextmanager
def portal_with_backend(
    interfaces: tuple[str, ...] = (SHORTCUTS, REMOTE_DESKTOP),
) -> Iterator[tuple[Desktop, Backend]]:
    """Run a bus, a backend with these interfaces, and the portal in front of it."""
    with session_bus() as desktop, _backend() as backend:
        folder = Path(os.environ["XDG_DESKTOP_PORTAL_DIR"])
        folder.mkdir()
        text = _PORTAL.format(backend=BACKEND, interfaces=";".join(interfaces))
        (folder / "test.portal").write_text(text, encoding="utf-8")
        (folder / "portals.conf").write_text("[preferred]\ndefault=test\n", encoding="utf-8")
        desktop.start_portal()
        yield desktop, backend


@contextlib.contextmanager
def _backend() -> Iterator[Backend]:
    with contextlib.closing(open_dbus_connection()) as connection:
        with DBusRouter(connection) as router:
            Proxy(message_bus, router).RequestName(BACKEND)
        backend = Backend(connection)
        try:
            yield backend
        finally:
            backend.stop()


@contextlib.contextmanager
def _environment(folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={folder}/bus")
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        patch.setenv("XDG_DATA_HOME", str(folder / "data"))
        patch.setenv("XDG_DESKTOP_PORTAL_DIR", str(folder / "portals"))
        patch.setenv("XDG_CURRENT_DESKTOP", "test")
        yield


def _bus_answers() -> bool:
    try:
        open_dbus_connection().close()
    except OSError:
        return False
    return True


def _has_owner(connection: DBusConnection, name: str) -> bool:
    with DBusRouter(connection) as router:
        return bool(Proxy(message_bus, router).NameHasOwner(name)[0])


def _program(name: str) -> Path:
    for folder in _FOLDERS:
        if (folder / name).exists():
            return folder / name
    raise RuntimeError(f"{name} is not there; is the package xdg-desktop-portal installed?")
