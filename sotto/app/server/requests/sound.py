"""From an uploaded file to its sound."""

from collections.abc import Callable

import numpy as np

from sotto.app.server.requests.upload import SoundFile
from sotto.audio.files.reading import Decoding, Recording, damage, decode
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.errors import AudioFileError

_UPLOADED = "the file"


def read_sound(
    file: SoundFile, longest_s: float, check: Callable[[], None] = lambda: None
) -> Recording:
    """Decode a file, in the process that does so for all files.

    Args:
        file: Was uploaded.
        longest_s: Seconds of sound; nothing is read of a longer one.
        check: Called now and then; what it raises ends the work.

    Raises:
        AudioFileError: It is not sound, or longer.
    """
    decoding = decode(file.path, suffix=file.suffix)
    try:
        pcm = _joined(decoding, longest_s, check)
    except AudioFileError as error:
        raise AudioFileError(_without_path(str(error), file)) from error
    finally:
        decoding.close()
    return Recording(pcm, decoding.missing)


def told_damage(recording: Recording, file: SoundFile) -> str:
    """Return the line that tells what of a file could not be read; empty if all of it could."""
    if not recording.missing:
        return ""
    return _without_path(damage(file.path, recording.missing), file)


def _joined(decoding: Decoding, longest_s: float, check: Callable[[], None]) -> Pcm:
    data = bytearray()
    most_bytes = longest_s * SAMPLE_RATE * np.dtype(np.float32).itemsize
    for block in decoding:
        check()
        data += block.tobytes()
        if len(data) > most_bytes:
            raise AudioFileError(
                f"{_UPLOADED} is longer than {_duration(longest_s)}, the most that this server "
                "takes: cut it into parts"
            )
    return np.frombuffer(data, np.float32)


def _duration(seconds: float) -> str:
    return f"{seconds / 3600:g} h" if seconds >= 3600 else f"{seconds:g} s"


def _without_path(message: str, file: SoundFile) -> str:
    """Name the file as its sender knows it."""
    return message.replace(f"“{file.path}”", _UPLOADED)
