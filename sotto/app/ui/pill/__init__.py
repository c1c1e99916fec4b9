"""The small sign at the foot of the screen while the hotkey dictates."""
