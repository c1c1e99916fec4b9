"""Transcriptions onto the disk: one file a format, each whole or not at all."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile

from sotto.app.core.private_file import write_output
from sotto.app.core.transcription_files.shape import WHISPER, Shape
from sotto.app.core.transcription_files.writers import content
from sotto.errors import OutputError
from sotto.inference.decoding import Transcription


def make_folder(folder: Path) -> None:
    """Make the folder for the files, before any work is done for them.

    Raises:
        OutputError: it cannot be made, or nothing can be written into it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise OutputError(
            f"nothing can be written to {folder} ({why}); choose another --output-dir"
        ) from error


def outputs(base: Path, formats: Iterable[str]) -> tuple[Path, ...]:
    """Return the path of each format: `base` with the format as its suffix, behind what it has."""
    return tuple(base.with_name(f"{base.name}.{name}") for name in formats)


def write(
    transcription: Transcription, base: Path, formats: Iterable[str], shape: Shape = WHISPER
) -> tuple[Path, ...]:
    """Write `base`.FORMAT for each of the formats, and return the paths.

    All are tried, whatever becomes of one.

    Raises:
        OutputError: one or more cannot be written; it says why the first one cannot.
    """
    names = tuple(formats)
    paths = outputs(base, names)
    errors: list[OutputError] = []
    for path, name in zip(paths, names, strict=True):
        try:
            write_output(path, content(transcription, name, shape))
        except OutputError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return paths
