"""`sotto`: which command is meant, and how every command ends."""

import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from sotto.app.cli import flags
from sotto.errors import SottoError

USER_ERROR = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells report it
# The commands that people leave running, or that run code of others on files of theirs.
_KEEP_TRACES = {
    "default_command": "window",
    "listen": "listen",
    "overlay": "overlay",
    "transcribe": "transcribe",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        argv: The arguments after the program's name; None takes the process's.
    """
    try:
        arguments = flags.parse(sys.argv[1:] if argv is None else argv)
        # Only the command that is meant is imported, with all that it needs.
        command = importlib.import_module(f"sotto.app.cli.{arguments.command}")
        with _traces(arguments.command):
            code: int = command.run(arguments)
        sys.stdout.flush()
    except SottoError as error:
        sys.stderr.write(f"sotto: {error}\n")
        return USER_ERROR
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`head`, say) has had enough. Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _traces(command: str) -> AbstractContextManager[None]:
    if command not in _KEEP_TRACES:
        return nullcontext()
    from sotto.app.core.traces import kept_traces  # noqa: PLC0415 (`sotto record` must be quick)

    return kept_traces(_KEEP_TRACES[command])
