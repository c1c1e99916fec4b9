"""What Sotto does on the desktop around it: hotkeys, and text into other applications."""
