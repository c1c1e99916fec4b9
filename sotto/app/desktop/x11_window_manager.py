"""The X server's window manager.

https://specifications.freedesktop.org/wm-spec/latest/
"""

from contextlib import closing
from dataclasses import dataclass

from Xlib import X, error
from Xlib.display import Display
from Xlib.xobject.drawable import Window

from sotto.errors import DesktopError


@dataclass(frozen=True, slots=True)
class WindowManager:
    """Its name, empty where none runs, and whether windows can shine through each other."""

    name: str
    is_compositing: bool


def manager_of(name: str | None = None) -> WindowManager:
    """Return the window manager of a display, such as `:0`; None is the environment's.

    Raises:
        DesktopError: there is no such display.
    """
    try:
        display = Display(name)
    except (error.DisplayError, OSError) as refusal:
        raise DesktopError("the X server does not answer; is DISPLAY right?") from refusal
    with closing(display):
        compositor = display.intern_atom(f"_NET_WM_CM_S{display.get_default_screen()}")
        owner = display.get_selection_owner(compositor)
        return WindowManager(_name(display), owner is not X.NONE and owner != X.NONE)


def _name(display: Display) -> str:
    root = display.screen().root
    check = root.get_full_property(
        display.intern_atom("_NET_SUPPORTING_WM_CHECK"), X.AnyPropertyType
    )
    if check is None or not len(check.value):
        return ""
    window: Window = display.create_resource_object("window", check.value[0])
    found = window.get_full_property(display.intern_atom("_NET_WM_NAME"), X.AnyPropertyType)
    if found is None:
        return ""
    value = found.value
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
