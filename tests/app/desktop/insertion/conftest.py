"""An X server with a window manager, programs to write into, and what inserts."""

import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from sotto.app.core.settings import InsertMethod, Settings
from sotto.app.desktop.insertion import Inserter, Target, open_inserter
from tools.fixtures.applications import Application
from tools.fixtures.x_server import x_server

WITHIN_S = 60

OpenInserter = Callable[..., Inserter]
Focus = Callable[[Application], Target]


@pytest.fixture(scope="module")
def desktop() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, x_server() as display:
        patch.setenv("DISPLAY", display)
        patch.delenv("WAYLAND_DISPLAY", raising=False)
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        yield display


@pytest.fixture
def open_one(desktop: str) -> Iterator[OpenInserter]:
    opened = []

    def open_with(method: InsertMethod = InsertMethod.AUTO, **applications: str) -> Inserter:
        settings = Settings(insert_method=method, applications=applications)
        opened.append(open_inserter(settings))
        return opened[-1]

    yield open_with
    for inserter in opened:
        inserter.close()


@pytest.fixture
def focus(open_one: OpenInserter) -> Focus:
    """Wait for an application's window, give it the focus, and say what it is."""
    watching = open_one()

    def focus_one(application: Application) -> Target:
        search = ["xdotool", "search", "--onlyvisible", "--name", application.title]

        def takes_focus() -> bool:
            """Ask for the focus, once more if one that is just starting has taken it away."""
            if subprocess.run([*search, "windowactivate"], check=False).returncode:
                return False
            soon = time.monotonic() + WITHIN_S / 4
            while time.monotonic() < soon:
                if application.title in _title(watching.focused()):
                    return True
                time.sleep(0.05)
            return False

        wait_until(takes_focus)
        target = watching.focused()
        assert target is not None
        return target

    return focus_one


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds; fail if it never does."""
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def wait_for_text(application: Application, text: str) -> None:
    """Wait until `application` holds `text`, and say what it held instead if it never does."""
    deadline = time.monotonic() + WITHIN_S
    while (found := application.read()) != text and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found == text


def _title(target: Target | None) -> str:
    return target.title if target is not None else ""
