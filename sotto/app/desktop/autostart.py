"""Whether Sotto starts, hidden in the tray, when the user logs in. Linux only so far.

Desktop Application Autostart Specification:
https://specifications.freedesktop.org/autostart-spec/latest/
"""

import configparser
import sys
from pathlib import Path

import platformdirs

from sotto.app.core.private_file import write_private
from sotto.app.desktop.desktop_entry import exec_value, program, remove_file
from sotto.errors import DesktopError

_ENTRY = """\
[Desktop Entry]
Type=Application
Version=1.4
Name=Sotto
Comment=Dictation by a hotkey
Exec={command}
Icon=sotto
Terminal=false
"""


def is_available() -> bool:
    """Tell whether this system has a way that Sotto knows."""
    return sys.platform == "linux"


def is_enabled() -> bool:
    """Tell whether Sotto starts with the desktop, as the file says that desktops' tools edit."""
    entry = configparser.RawConfigParser(strict=False)
    try:
        entry.read_string(_path().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return False
    if not entry.has_option("Desktop Entry", "Exec"):
        return False
    values = entry["Desktop Entry"]
    is_hidden = values.get("Hidden", "false") == "true"
    return not is_hidden and values.get("X-GNOME-Autostart-enabled", "true") != "false"


def enable() -> None:
    """Let this very Sotto start with the desktop.

    Raises:
        DesktopError: this system has no way that Sotto knows.
        OutputError: the file cannot be written.
    """
    if not is_available():
        raise DesktopError(
            "Sotto cannot arrange to start with this desktop; add `sotto --hidden` to the "
            "programs that start at log-in yourself."
        )
    write_private(_path(), _ENTRY.format(command=exec_value((*program(), "--hidden"))))


def disable() -> None:
    """Let Sotto not start with the desktop.

    Raises:
        OutputError: the file cannot be removed.
    """
    remove_file(_path())


def _path() -> Path:
    return platformdirs.user_config_path() / "autostart" / "sotto.desktop"
