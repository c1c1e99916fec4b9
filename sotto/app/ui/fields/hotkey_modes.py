"""What holding and tapping the hotkey do, as a choice."""

from sotto.app.core.settings import HotkeyMode
from sotto.app.ui.fields.fields import Option

HOTKEY_MODES = (
    Option(
        HotkeyMode.TAP_OR_HOLD,
        "Hold or &tap",
        "Held, it dictates until you let go. Tapped, it dictates until the next tap.",
    ),
    Option(HotkeyMode.PUSH_TO_TALK, "&Push to talk", "Dictates only while it is held."),
    Option(HotkeyMode.TOGGLE, "T&oggle", "Each press starts or stops."),
)
