"""The sound of dictated texts: FLAC files in a folder of their own, for the user alone."""

import uuid
from io import BytesIO
from pathlib import Path

import soundfile

from sotto.app.core.private_file import write_private
from sotto.audio.input.source import SAMPLE_RATE, Pcm

_KEPT = ".flac"
PASSING = ".passing.flac"
PASSES_AFTER_S = 86_400.0  # a day: who doubts a text has recognised it again by then


class SoundFolder:
    """Makes, finds and removes the files; the history knows which of them are wanted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def keep(self, sound: Pcm, *, passes: bool = False) -> str:
        """Write sound (n_samples,), 16 kHz, [-1, 1], and return the name of its file.

        Args:
            sound: what is kept.
            passes: whether it is kept for `PASSES_AFTER_S` only; the name says so.

        Raises:
            OutputError: the disk is full, the folder is not writable, ….
        """
        name = f"{uuid.uuid4().hex}{PASSING if passes else _KEPT}"
        flac = BytesIO()
        soundfile.write(flac, sound, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
        write_private(self.path / name, flac.getvalue())
        return name

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        (self.path / name).unlink(missing_ok=True)

    def remove_all_but(self, wanted: set[str]) -> None:
        """Remove what an interrupted change has left."""
        if self.path.is_dir():
            for path in self.path.iterdir():
                if path.name not in wanted:
                    path.unlink(missing_ok=True)
