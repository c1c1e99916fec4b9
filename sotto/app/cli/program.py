"""`sotto`: which command is meant, and how every command ends.

This is the one place where commands' errors become lines: whatever is raised, the user reads one
line and the program ends with 2. The trace of what should never happen is kept in the private log.
"""

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress

from sotto.app.cli import ending, failure, flags, terminal
from sotto.errors import SottoError

USER_ERROR = 2
# The commands that people leave running, or that run code of others on files of theirs.
_KEEP_TRACES = {
    "default_command": "window",
    "listen": "listen",
    "overlay": "overlay",
    "serve": "serve",
    "transcribe": "transcribe",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        argv: The arguments after the program's name; None takes the process's.
    """
    terminal.prepare()
    ending.end_as_interrupted()
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        _check_output()
    except KeyboardInterrupt as interrupt:
        if terminal.failure_of_output() is not None:
            terminal.give_up_output()
        return ending.exit_code(interrupt)
    except Exception as error:  # noqa: BLE001 (here errors end)
        return _failed(error)
    return code


def _run(argv: Sequence[str]) -> int:
    try:
        arguments = flags.parse(argv)
    except SystemExit:  # --help and --version have been written
        _check_output()
        raise
    for note in arguments.notes:
        terminal.tell(note)
    with _traces(arguments.command):
        # Only the command that is meant is imported, with all that it needs.
        command = importlib.import_module(f"sotto.app.cli.{arguments.command}")
        code: int = command.run(arguments)
        return code


def _check_output() -> None:
    if (failed := terminal.failure_of_output()) is not None:
        raise failed


def _failed(error: Exception) -> int:
    """Tell the user in one line, and return the exit code."""
    lost = terminal.failure_of_output()
    if lost is not None:
        terminal.give_up_output()
    if isinstance(error, BrokenPipeError):
        return 0  # the reader (`head`, say) has had enough
    if lost is not None and not isinstance(error, SottoError):
        terminal.tell(str(failure.output_failed(lost)))
    else:
        terminal.tell(str(failure.in_words(error)))
    return USER_ERROR


def _traces(command: str) -> AbstractContextManager[None]:
    if command not in _KEEP_TRACES:
        return _traces_of_defects(command)
    from sotto.app.core.traces import kept_traces  # noqa: PLC0415 (`sotto record` must be quick)

    return kept_traces(_KEEP_TRACES[command])


@contextmanager
def _traces_of_defects(command: str) -> Iterator[None]:
    """Keep traces only once something should never have happened."""
    try:
        yield
    except Exception as error:
        if failure.is_defect(error):
            from sotto.app.core.traces import kept_traces  # noqa: PLC0415 (as above)

            with suppress(Exception), kept_traces(command):
                raise error from None
        raise
