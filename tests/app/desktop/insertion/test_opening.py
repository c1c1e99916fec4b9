"""Opening an inserter where there is a desktop, and losing it."""

import pytest

from sotto.app.core.settings import InsertMethod, Settings
from sotto.app.desktop.insertion import Target, open_inserter
from sotto.errors import InsertionError
from tools.fixtures.x_server import x_server

TARGET = Target("0x400001", "Mousepad", "Untitled")


def test_without_a_desktop_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(InsertionError, match="start Sotto from within your desktop"):
        open_inserter(Settings())


# python-xlib leaves the sockets to the garbage collector that it could not connect.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("display", [":4242", "nonsense"])
def test_server_that_is_not_there_is_named(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    with pytest.raises(InsertionError, match=f"{display}.*check DISPLAY"):
        open_inserter(Settings())


def test_server_that_ends_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with x_server() as display:
        monkeypatch.setenv("DISPLAY", display)
        inserter = open_inserter(Settings())
        copying = open_inserter(Settings(insert_method=InsertMethod.CLIPBOARD))
    with pytest.raises(InsertionError, match="closed the connection"):
        inserter.insert("too late", TARGET)
    with pytest.raises(InsertionError, match="closed the connection"):
        copying.insert("too late", TARGET)
    inserter.close()
    copying.close()
