"""Talking to the Sotto that runs: one line of JSON there, one line (or more) back.

The socket lies in a folder that nobody else may enter: in the user's runtime folder, else among the
user's own files, where nobody can have been first. Only the standard library is imported: a key
bound to `sotto record toggle` must not wait for anything.
"""

import json
import os
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Any

from sotto.errors import ControlError
from sotto.private_folder import make_missing_folders

ANSWER_WITHIN_S = 5.0  # an answer takes milliseconds; a machine that swaps may take seconds
# Bytes: addresses of sockets have 104 at least, and Qt binds one below `control` first.
_LONGEST_FOLDER = 85
NOT_RUNNING = "Sotto is not running; start it with: sotto"


class Request(StrEnum):
    """What the running Sotto can be asked to do."""

    SHOW = "show"  # bring its window to the front
    LISTEN = "listen"  # likewise, and listen
    OPEN = "open"  # transcribe a file in the window of recordings
    START = "start"
    STOP = "stop"
    TOGGLE = "toggle"
    CANCEL = "cancel"
    UNDO = "undo"
    STATUS = "status"
    FOLLOW = "follow"  # status, then every event, until one of the two ends


def socket_path() -> Path:
    """Return where the running Sotto listens.

    Raises:
        ControlError: this system has no such sockets, or the folder is not the user's alone.
    """
    if sys.platform == "win32":
        raise ControlError("Sotto cannot be controlled from the command line on Windows yet.")
    for folder in _folders():
        if len(os.fsencode(folder)) <= _LONGEST_FOLDER and _is_private(folder):
            return folder / "control"
    raise ControlError(
        "there is no folder that is yours alone for the running Sotto to be reached in; have "
        "XDG_RUNTIME_DIR or XDG_STATE_HOME name one"
    )


def _folders() -> Iterator[Path]:
    """Yield where the socket may lie, the first that can be used being the one."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    # With `sudo -E` both are another user's, and root must leave nothing there.
    if runtime and _owner(runtime) == os.getuid():
        yield Path(runtime) / "sotto"
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")  # noqa: PTH111 (never raises)
    if os.path.isabs(state) and _owner_of_nearest(state) == os.getuid():  # noqa: PTH117 (as above)
        yield Path(state) / "sotto" / "run"
    yield Path("/tmp") / f"sotto-{os.getuid()}"  # noqa: S108 (looked at before it is used)


def _owner_of_nearest(folder: str) -> int | None:
    """Return who owns the folder, or the one in which it would be made."""
    while not os.path.exists(folder) and os.path.dirname(folder) != folder:  # noqa: PTH110, PTH120 (as above)
        folder = os.path.dirname(folder)  # noqa: PTH120 (as above)
    return _owner(folder)


def _owner(folder: str) -> int | None:
    try:
        return os.stat(folder).st_uid  # noqa: PTH116 (as above)
    except (OSError, ValueError):
        return None


def _is_private(folder: Path) -> bool:
    """Make the folder if need be, and tell whether it is the user's and closed to others."""
    try:
        make_missing_folders(folder)
        found = folder.lstat()
    except (OSError, ValueError):
        return False
    is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return is_own and not found.st_mode & 0o077 and os.access(folder, os.W_OK | os.X_OK)


def ask(request: Request, file: Path | None = None) -> dict[str, Any]:
    """Return the running Sotto's answer.

    Args:
        request: What it is to do.
        file: What it is to open.

    Raises:
        ControlError: none runs, it does not answer, or it refuses.
    """
    for answer in _lines(request, file):
        if "error" in answer:
            raise ControlError(str(answer["error"]))
        return answer
    raise ControlError("the running Sotto gave no answer; start it anew.")


def follow() -> Iterator[dict[str, Any]]:
    """Yield the state, then each event as `sotto listen --json` writes it, until Sotto ends.

    Raises:
        ControlError: none runs.
    """
    yield from _lines(Request.FOLLOW)


def _lines(request: Request, file: Path | None = None) -> Iterator[dict[str, Any]]:
    with closing(_connected()) as connection:
        try:
            named = {} if file is None else {"file": str(file)}
            connection.sendall(json.dumps({"do": request} | named).encode() + b"\n")
            with connection.makefile(encoding="utf-8") as lines:
                for line in lines:
                    if request is Request.FOLLOW:
                        connection.settimeout(None)
                    yield _answer(line)
        except TimeoutError as error:
            raise ControlError(
                "the running Sotto does not answer; end it and start anew."
            ) from error
        except (OSError, ValueError, RecursionError) as error:
            raise ControlError(f"the running Sotto broke off ({error}); try again.") from error


def _answer(line: str) -> dict[str, Any]:
    answer = json.loads(line)
    if not isinstance(answer, dict):
        raise ValueError("its answer makes no sense")
    return answer


def _connected() -> socket.socket:
    path = socket_path()
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(ANSWER_WITHIN_S)
    try:
        connection.connect(str(path))
    except (FileNotFoundError, ConnectionRefusedError) as error:
        connection.close()
        raise ControlError(NOT_RUNNING) from error
    except OSError as error:
        connection.close()
        raise ControlError(
            f"{path} does not answer ({error.strerror}); start Sotto anew."
        ) from error
    return connection
