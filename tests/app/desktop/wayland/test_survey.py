"""What `sotto doctor` says about a real compositor and a real portal."""

import pytest

from sotto.app.desktop.wayland.connection import WaylandError
from sotto.app.desktop.wayland.survey import compositor_abilities, portal_abilities
from tests.helpers.portal_backend import REMOTE_DESKTOP
from tests.helpers.portal_backend_bus import portal_with_backend
from tests.helpers.sway import Sway


def test_sway_offers_everything(compositor: Sway) -> None:
    abilities = compositor_abilities()
    assert len(abilities) == 4
    assert all(ability.is_there for ability in abilities)


def test_what_the_portal_lacks_is_told() -> None:
    with portal_with_backend((REMOTE_DESKTOP,)):
        there = {ability.words: ability.is_there for ability in portal_abilities()}
    assert there == {"hear a hotkey": False, "press keys by the portal": True}


def test_no_desktop_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(WaylandError):
        compositor_abilities()
    assert not any(ability.is_there for ability in portal_abilities())
