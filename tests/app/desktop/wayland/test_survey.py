"""What `sotto doctor` says about a real compositor."""

import pytest

from sotto.app.desktop.wayland.connection import WaylandError
from sotto.app.desktop.wayland.survey import abilities
from tests.helpers.sway import Sway


def test_sway_offers_everything(compositor: Sway) -> None:
    there = {ability.by: ability.is_there for ability in abilities()}
    assert there == {
        "zwlr_foreign_toplevel_manager_v1": True,
        "zwlr_data_control_manager_v1": True,
        "zwp_virtual_keyboard_manager_v1": True,
        "zwlr_layer_shell_v1": True,
    }


def test_no_compositor_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(WaylandError, match="WAYLAND_DISPLAY is not set"):
        abilities()
