"""The list of recordings that are, were or will be transcribed."""

import contextlib
import json
import shutil
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import platformdirs

from sotto.app.core.private_file import write_private
from sotto.app.core.projects.wanted import AS_USUAL, Wanted

QUEUE = "queue.json"


def projects_folder() -> Path:
    """Return the folder in the user's data that holds the list and the projects."""
    return platformdirs.user_data_path("sotto") / "recordings"


class State(StrEnum):
    """How far a recording is."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Queued:
    """A recording in the list.

    Attributes:
        id: Of its project's folder.
        source: The file.
        state: How far it is.
        message: What is being done, what went wrong, or what of it is damaged, in a line.
        share: How much of it is done, 0 to 1.
        left_s: How long it will take, in seconds; None where that is not known yet.
        duration_s: Of the recording, once it is known.
        wanted: What of it is to be heard, and how.
        replaces: The id of one that goes when this one is done; empty for none.
        n_tracks: How many sound tracks the file has; 0 where nobody knows yet.
    """

    id: str
    source: Path
    state: State = State.WAITING
    message: str = ""
    share: float = 0.0
    left_s: float | None = None
    duration_s: float = 0.0
    wanted: Wanted = AS_USUAL
    replaces: str = ""
    n_tracks: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more becomes of it by itself."""
        return self.state not in {State.WAITING, State.WORKING}


def save_queue(queue: tuple[Queued, ...], folder: Path) -> None:
    """Write the list into the folder of the projects.

    Raises:
        OutputError: The disk is full, the folder is not writable, ….
    """
    rows = [
        {
            "id": each.id,
            "source": str(each.source),
            "state": each.state,
            "message": each.message if each.is_over else "",
            "duration_s": each.duration_s,
            "wanted": each.wanted.fields,
            "replaces": each.replaces,
            "n_tracks": each.n_tracks,
        }
        for each in queue
    ]
    write_private(folder / QUEUE, json.dumps(rows))


def load_queue(folder: Path) -> tuple[Queued, ...]:
    """Read the list; what was being transcribed when Sotto ended waits for its turn again.

    Rows that cannot be read are left out.
    """
    try:
        rows = json.loads((folder / QUEUE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return ()
    read = (_read(row) for row in rows) if isinstance(rows, list) else ()
    return tuple(each for each in read if each is not None)


def tidied_queue(folder: Path) -> tuple[Queued, ...]:
    """Read the list, and remove what a process that was ended left of recordings not on it."""
    queue = load_queue(folder)
    listed = {each.id for each in queue}
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.is_dir() and path.name.isalnum() and path.name not in listed:
                shutil.rmtree(path, ignore_errors=True)
    return queue


def _read(row: Any) -> Queued | None:
    try:
        queued = Queued(
            str(row["id"]),
            Path(row["source"]),
            State(row["state"]),
            str(row["message"]),
            duration_s=float(row["duration_s"]),
            wanted=Wanted.read(row.get("wanted", {})),
            replaces=str(row.get("replaces", "")),
            n_tracks=int(row.get("n_tracks", 0)),
        )
    except (ValueError, KeyError, TypeError):
        return None
    if not queued.id.isalnum():  # it names a folder
        return None
    return queued if queued.is_over else replace(queued, state=State.WAITING)
