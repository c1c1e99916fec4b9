"""`sotto`: which command is meant, and how every command ends."""

import importlib
import os
import sys
from collections.abc import Sequence

from sotto.app.cli import flags
from sotto.errors import SottoError

USER_ERROR = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        argv: The arguments after the program's name; None takes the process's.
    """
    try:
        arguments = flags.parse(sys.argv[1:] if argv is None else argv)
        # Only the command that is meant is imported, with all that it needs.
        command = importlib.import_module(f"sotto.app.cli.{arguments.command}")
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
