"""Talking to the Sotto that runs: one line of JSON there, one line (or more) back.

The socket lies in the user's runtime folder, which nobody else may enter. Only the standard library
is imported: a key bound to `sotto record toggle` must not wait for anything.
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

ANSWER_WITHIN_S = 5.0  # an answer takes milliseconds; a machine that swaps may take seconds
NOT_RUNNING = "Sotto is not running; start it with: sotto"


class Request(StrEnum):
    """What the running Sotto can be asked to do."""

    SHOW = "show"  # bring its window to the front
    LISTEN = "listen"  # likewise, and listen
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
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    # Without a runtime folder of the system's, a folder of our own in the common one.
    folder = Path(runtime) / "sotto" if runtime else Path("/tmp") / f"sotto-{os.getuid()}"  # noqa: S108
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise ControlError(f"{folder} must be a folder that is yours alone (chmod 700 {folder}).")
    return folder / "control"


def ask(request: Request) -> dict[str, Any]:
    """Return the running Sotto's answer.

    Raises:
        ControlError: none runs, it does not answer, or it refuses.
    """
    for answer in _lines(request):
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


def _lines(request: Request) -> Iterator[dict[str, Any]]:
    with closing(_connected()) as connection:
        try:
            connection.sendall(json.dumps({"do": request}).encode() + b"\n")
            with connection.makefile(encoding="utf-8") as lines:
                for line in lines:
                    if request is Request.FOLLOW:
                        connection.settimeout(None)
                    yield json.loads(line)
        except TimeoutError as error:
            raise ControlError(
                "the running Sotto does not answer; end it and start anew."
            ) from error
        except (ConnectionError, ValueError) as error:
            raise ControlError(f"the running Sotto broke off ({error}); try again.") from error


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
