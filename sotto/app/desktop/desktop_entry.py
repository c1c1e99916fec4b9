"""Sotto in the desktop's menu of applications, wherever its program lies. Linux only.

A package of a distribution puts `sotto/assets/desktop` where every desktop looks. An environment
of its own (`uv tool install`, pipx, a checkout) lies where no desktop looks, so this writes what
is needed into the user's folders.

Desktop Entry Specification: https://specifications.freedesktop.org/desktop-entry-spec/latest/
Icon Theme Specification: https://specifications.freedesktop.org/icon-theme-spec/latest/
"""

import sys
import sysconfig
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import platformdirs

from sotto.app.core.private_file import write_private
from sotto.errors import OutputError

_ASSETS = files("sotto") / "assets"
_QUOTED = '"`$\\'  # what a backslash must precede between double quotes


def install() -> Path:
    """Write the menu's entry and the icon for this user, and return the entry's path.

    Raises:
        OutputError: a file cannot be written.
    """
    data = platformdirs.user_data_path()
    icons = data / "icons" / "hicolor"
    for folder, drawing in (
        ("scalable", _ASSETS / "icons" / "sotto.svg"),
        ("symbolic", _ASSETS / "desktop" / "sotto-symbolic.svg"),
    ):
        write_private(icons / folder / "apps" / drawing.name, drawing.read_bytes())
    write_private(entry_path(), menu_entry(program()))
    return entry_path()


def is_installed() -> bool:
    """Tell whether this user's menu has an entry that `install` wrote for this very program."""
    try:
        return entry_path().read_text(encoding="utf-8") == menu_entry(program())
    except (OSError, UnicodeDecodeError):
        return False


def remove() -> None:
    """Remove what `install` wrote, as far as it is there.

    Raises:
        OutputError: a file cannot be removed.
    """
    icons = platformdirs.user_data_path() / "icons" / "hicolor"
    for path in (
        entry_path(),
        icons / "scalable" / "apps" / "sotto.svg",
        icons / "symbolic" / "apps" / "sotto-symbolic.svg",
    ):
        remove_file(path)


def entry_path() -> Path:
    """Return where this user's menu entry is or would be."""
    return platformdirs.user_data_path() / "applications" / "sotto.desktop"


def program() -> tuple[str, ...]:
    """Return how to start this very Sotto, with an absolute path."""
    script = Path(sysconfig.get_path("scripts")) / "sotto"
    return (str(script),) if script.is_file() else (sys.executable, "-m", "sotto")


def menu_entry(command: Sequence[str]) -> str:
    """Return the menu's entry with `command` in place of a plain `sotto`."""
    return _template().replace("Exec=sotto", f"Exec={exec_value(command)}")


def exec_value(command: Sequence[str]) -> str:
    """Return a command as the value of `Exec`.

    It is quoted twice: as an argument of a command line, then as any string of the format.
    """
    return " ".join(_quoted(argument) for argument in command).replace("\\", "\\\\")


def remove_file(path: Path) -> None:
    """Remove a file, if it is there.

    Raises:
        OutputError: it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise OutputError(f"{path} could not be removed ({why}).") from error


def _quoted(argument: str) -> str:
    escaped = "".join(f"\\{char}" if char in _QUOTED else char for char in argument)
    return f'"{escaped}"'.replace("%", "%%")


def _template() -> str:
    entry: Traversable = _ASSETS / "desktop" / "sotto.desktop"
    return entry.read_text(encoding="utf-8")
