"""What a Wayland compositor lets Sotto do, for `sotto doctor`."""

from contextlib import closing
from dataclasses import dataclass

from sotto.app.desktop.wayland.connection import Connection

# What for, and the protocols any of which suffices.
_PROTOCOLS = {
    "see which window has the focus": ("zwlr_foreign_toplevel_manager_v1",),
    "keep and restore the clipboard": (
        "ext_data_control_manager_v1",
        "zwlr_data_control_manager_v1",
    ),
    "press keys": ("zwp_virtual_keyboard_manager_v1",),
    "show captions that clicks go through": ("zwlr_layer_shell_v1",),
}


@dataclass(frozen=True, slots=True)
class Ability:
    """Something that Sotto would do: `words` complete “Sotto can …”; `by` names the interface."""

    words: str
    is_there: bool
    by: str


def abilities() -> list[Ability]:
    """Return what the compositor offers.

    Raises:
        WaylandError: there is none.
    """
    with closing(Connection()) as connection:
        offered = {each.interface for each in connection.offered(*sum(_PROTOCOLS.values(), ()))}
    return [
        Ability(words, is_there=bool(offered & set(any_of)), by=any_of[-1])
        for words, any_of in _PROTOCOLS.items()
    ]
