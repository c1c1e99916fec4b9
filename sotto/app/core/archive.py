"""Texts that are kept without being asked, so that a crash or a closed window loses nothing."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import platformdirs

from sotto.app.core.private_file import create_private, write_private
from sotto.errors import OutputError

KEPT = 100  # texts; older ones are removed, since nobody asked to keep them for ever


@dataclass(frozen=True, slots=True)
class KeptText:
    """A text of an earlier time."""

    path: Path
    when: datetime
    opening: str


def transcripts_folder() -> Path:
    """Return the folder in the user's data where texts are kept."""
    return platformdirs.user_data_path("sotto") / "transcripts"


class TranscriptArchive:
    """Keeps the current text in a file of its own. Used by one background thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._current: Path | None = None

    def keep(self, text: str) -> Path:
        """Write the current text whole and return where.

        Raises:
            OutputError: the disk is full or not writable; what was kept before is intact.
        """
        if self._current is None:
            self._current = self._new_file()
            self._remove_oldest()
        write_private(self._current, text)
        return self._current

    def begin(self) -> None:
        """Keep what follows in a new file."""
        self._current = None

    def kept(self) -> tuple[KeptText, ...]:
        """Return the texts of earlier times, newest first, without the current one."""
        others = [path for path in self._newest_first() if path != self._current]
        return tuple(text for path in others if (text := _describe(path)) is not None)

    def resume(self, path: Path) -> str:
        """Return the kept text and go on keeping in its file.

        Raises:
            OutputError: the file is gone or cannot be read.
        """
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise OutputError(f"{path} cannot be read ({why}).") from error
        self._current = path
        return text

    def _new_file(self) -> Path:
        stem = datetime.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
        for suffix in ("", *(f" ({count})" for count in range(2, 1000))):
            path = self._folder / f"{stem}{suffix}.txt"
            try:
                create_private(path, "")
            except FileExistsError:
                continue  # another window began a text in the same second
            return path
        raise FileExistsError(stem)

    def _newest_first(self) -> list[Path]:
        return sorted(self._folder.glob("????-??-?? ??.??.??*.txt"), reverse=True)

    def _remove_oldest(self) -> None:
        for path in self._newest_first()[KEPT:]:
            path.unlink(missing_ok=True)


def _describe(path: Path) -> KeptText | None:
    try:
        when = datetime.strptime(path.name[:19], "%Y-%m-%d %H.%M.%S").astimezone()
        with path.open(encoding="utf-8", errors="replace") as file:
            opening = file.readline(80).strip()
    except (OSError, ValueError):
        return None  # not a text of ours, or just removed by another window
    return KeptText(path, when, opening) if opening else None
