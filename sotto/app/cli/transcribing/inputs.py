"""From arguments to recordings."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj

from sotto.app.cli import terminal
from sotto.app.core.recordings.given import STANDARD_INPUT, Given, Recording, listed
from sotto.errors import AudioFileError, UsageError

STANDARD_INPUT_NAME = "standard input"
LONGEST_LIST = 64 * 1024**2
"""Bytes: some 600,000 names. What is longer is a recording, or has no end."""


def recordings_of(arguments: argparse.Namespace) -> tuple[list[Recording], int]:
    """Return all recordings that are meant, and how many arguments mean nothing, which is told.

    Raises:
        UsageError: the list cannot be read.
    """
    given = Given(recursive=arguments.recursive)
    n_nothing = 0
    for argument in (*arguments.audio, *_listed(arguments.files_from)):
        try:
            given.add(argument)
        except AudioFileError as error:
            terminal.tell(str(error))
            n_nothing += 1
    return given.recordings, n_nothing


def _listed(path: Path | None) -> Iterator[Path]:
    if path is None:
        return iter(())
    try:
        if path == STANDARD_INPUT:
            text = sys.stdin.buffer.read(LONGEST_LIST + 1)
        else:
            with path.open("rb") as file:
                text = file.read(LONGEST_LIST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise UsageError(f"the list “{path}” cannot be read ({why}); check --files-from") from error
    if len(text) > LONGEST_LIST:
        raise UsageError(f"“{path}” is too long for a list of files; check --files-from")
    return listed(text)


def called(recording: Recording) -> str:
    """Return what messages call a recording."""
    return STANDARD_INPUT_NAME if recording.is_standard_input else str(recording.path)


@contextmanager
def as_file(recording: Recording) -> Iterator[tuple[Path, str]]:
    """Give a recording's file, and what it is called.

    The standard input is kept in a file first, for many containers have to be read from behind.
    That file has no name and is gone when this process is, however it ends.

    Raises:
        AudioFileError: nothing comes from the standard input, or it cannot be kept.
    """
    if not recording.is_standard_input:
        yield recording.path, called(recording)
        return
    if sys.stdin.isatty():
        raise AudioFileError(
            "the standard input is a terminal: send a recording into it, as "
            "ffmpeg -i film.mkv -f wav - | sotto transcribe - does"
        )
    with tempfile.TemporaryFile() as file:
        try:
            copyfileobj(sys.stdin.buffer, file)
            file.flush()
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise AudioFileError(
                f"the standard input cannot be kept in {tempfile.gettempdir()} ({why}): make room "
                "there, or set TMPDIR"
            ) from error
        yield Path(f"/dev/fd/{file.fileno()}"), called(recording)
