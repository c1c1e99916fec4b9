"""The sound tracks of a file, of which a film has several."""

import os
from pathlib import Path

from sotto.audio.files import packets
from sotto.audio.files.decoder_processes import PROCESSES
from sotto.audio.files.packets import Kind
from sotto.audio.files.reading import opened
from sotto.audio.files.selection import Track
from sotto.errors import AudioFileError


def tracks_of(path: Path) -> tuple[Track, ...]:
    """Return the sound tracks of a file, in its order; none where it has no sound.

    The file is looked at by the process that decodes files. May take a second.

    Raises:
        AudioFileError: It is missing, a folder, empty, or nothing that can be read.
    """
    file = opened(path, str(path))
    try:
        return _asked(path, file)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise AudioFileError(f"“{path}” cannot be looked at ({why})") from error
    finally:
        os.close(file)


def _asked(path: Path, file: int) -> tuple[Track, ...]:
    process = PROCESSES.take()
    found: tuple[Track, ...] | None = None
    wrong = "cannot be read as sound (the decoder fails on it)"
    is_over = False
    try:
        for packet in process.answers(file, path.suffix[1:].lower(), None):
            kind, body = Kind(packet[:1]), packet[1:]
            is_over = kind in packets.LAST
            if kind is Kind.TRACKS:
                found = packets.tracks(body)
            elif kind is Kind.FAULT:
                wrong = body.decode()
    finally:
        if is_over:
            PROCESSES.give_back(process)
        else:
            process.end()
    if found is None:
        raise AudioFileError(f"“{path}” {wrong}")
    return found
