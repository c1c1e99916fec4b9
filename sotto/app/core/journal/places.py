"""Where journals lie."""

from pathlib import Path

import platformdirs


def journals_folder() -> Path:
    """Return the folder in the user's state that holds the journals."""
    return platformdirs.user_state_path("sotto") / "journal"


def journals(folder: Path) -> list[Path]:
    """Return the folders of all journals, live ones included; none where that cannot be read."""
    try:
        return [path for path in folder.iterdir() if path.is_dir() and not path.is_symlink()]
    except OSError:
        return []
