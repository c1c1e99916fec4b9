"""From an uploaded file to its sound."""

from collections.abc import Callable

from sotto.app.server.requests.upload import SoundFile
from sotto.audio.files.packed_sound import PackedSound
from sotto.audio.files.reading import Decoding, Recording, damage, decode
from sotto.audio.input.source import SAMPLE_RATE
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


def _joined(decoding: Decoding, longest_s: float, check: Callable[[], None]) -> PackedSound:
    pcm = PackedSound()
    for block in decoding:
        check()
        pcm.append(block)
        if len(pcm) > longest_s * SAMPLE_RATE:
            raise AudioFileError(
                f"{_UPLOADED} is longer than {_duration(longest_s)}, the most that this server "
                "takes: cut it into parts"
            )
    return pcm


def _duration(seconds: float) -> str:
    return f"{seconds / 3600:g} h" if seconds >= 3600 else f"{seconds:g} s"


def _without_path(message: str, file: SoundFile) -> str:
    """Name the file as its sender knows it."""
    return message.replace(f"“{file.path}”", _UPLOADED)
