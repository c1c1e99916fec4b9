"""The process that decodes files. It holds one file and may do nothing but compute.

A file can be made to break a decoder, to keep it busy for ever or to fill its memory. Here that
ends a process that has nothing to lose: it can open no file and no connection while it decodes, it
may use so much memory, and the system ends it where nothing has come of a file for a while.
"""

import io
import os
import resource
import signal
import socket
import wave
from collections.abc import Iterator
from pathlib import Path

from sotto.audio.files import packets
from sotto.audio.files.container import GIVE, HeldFile, sound_tracks
from sotto.audio.files.decoding import Decoded, decoded
from sotto.audio.files.missing import Missing
from sotto.audio.files.selection import Selection
from sotto.errors import AudioFileError

SOCKET = 3
"""The descriptor on which files come and sound goes."""
PATIENCE_S = 20
"""Without a tenth of a second of sound: on the slowest disk a decoder needs milliseconds."""
IDLE_S = 60
"""After which it ends when nobody asks for a file."""
SPARE_MEMORY = 400 * 2**20
"""Bytes beyond what it has at the start. A 3 h film's index and the longest frames take 100 MB."""


def main() -> None:
    """Decode the files that are asked for, one after another, until nobody asks any more."""
    _load()
    # Whoever started it may have ignored or blocked the alarm.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    _limit()
    with socket.socket(fileno=SOCKET) as asker:
        signal.alarm(IDLE_S)
        while (wanted := packets.asked(asker)) is not None:
            fd, suffix, selection = wanted
            with io.FileIO(fd) as file:
                held = HeldFile(file, suffix, _await_pipe)
                signal.alarm(PATIENCE_S)
                _answer(asker, held, _told(held, selection))
            signal.alarm(IDLE_S)


def _load() -> None:
    """Load all code before files are out of reach; PyAV and soxr load some when they first work."""
    import av.subtitles.codeccontext  # noqa: F401, PLC0415 (for those of a film)

    for _ in decoded(HeldFile(_short_wav(), "wav", _await_pipe), Selection()):
        pass


def _short_wav() -> io.BytesIO:
    file = io.BytesIO()
    with wave.open(file, "wb") as writing:
        writing.setnchannels(2)
        writing.setsampwidth(2)
        writing.setframerate(8_000)
        writing.writeframes(bytes(1_000))
    file.seek(0)
    return file


def _limit() -> None:
    """Take from this process what it does not need.

    The one descriptor that is left is the file's, so that nothing can be opened beside it.
    """
    os.closerange(SOCKET + 1, 256)
    _set_limit(resource.RLIMIT_CORE, 0)
    _set_limit(resource.RLIMIT_FSIZE, 0)
    in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _set_limit(resource.RLIMIT_AS, in_use + SPARE_MEMORY)
    _set_limit(resource.RLIMIT_NOFILE, SOCKET + 2)


def _set_limit(what: int, limit: int) -> None:
    _, most = resource.getrlimit(what)
    limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
    resource.setrlimit(what, (limit, limit))


def _await_pipe(is_waiting: bool) -> None:
    signal.alarm(0 if is_waiting else PATIENCE_S)


def _told(file: HeldFile, selection: Selection | None) -> Iterator[bytes]:
    """Yield the packets that answer what is asked."""
    if selection is None:
        yield packets.packed_tracks(sound_tracks(file))
    else:
        yield from map(packets.packed, _in_packets(decoded(file, selection)))


def _answer(asker: socket.socket, file: HeldFile, told: Iterator[bytes]) -> None:
    try:
        for packet in told:
            signal.alarm(0)  # whoever listens may take his time
            asker.send(packet)
            signal.alarm(PATIENCE_S)
        asker.send(packets.Kind.END.value)
    except (BrokenPipeError, ConnectionResetError):
        return  # nobody wants it any more
    except Exception as error:  # noqa: BLE001 (whatever a file makes of the library)
        asker.send(packets.fault(_words(error, file)))


def _words(error: Exception, file: HeldFile) -> str:
    """Say what is wrong with the file, as a predicate."""
    import av  # noqa: PLC0415

    if isinstance(error, AudioFileError):
        return str(error)
    # An argument is what FFmpeg calls wrong about a format that is not allowed.
    if isinstance(error, av.ArgumentError) or (isinstance(error, av.FFmpegError) and file.is_text):
        return f"holds no sound itself: {GIVE}"
    if isinstance(error, MemoryError):
        return f"cannot be read as sound (it asks for more memory than sound needs): {GIVE}"
    if isinstance(error, av.FFmpegError):
        return f"cannot be read as sound ({error.strerror}): {GIVE}"
    return f"cannot be read as sound ({type(error).__name__}): {GIVE}"


def _in_packets(blocks: Iterator[Decoded]) -> Iterator[Decoded]:
    """Cut samples so that a packet holds them; leave out blocks without any."""
    for block in blocks:
        if isinstance(block, Missing):
            yield block
            continue
        n_sounds = block.shape[1] if block.ndim > 1 else 1
        longest = packets.MAX_SAMPLES // n_sounds
        for start in range(0, len(block), longest):
            yield block[start : start + longest]


if __name__ == "__main__":
    main()
