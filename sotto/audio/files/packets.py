"""What the decoding process tells, one packet each: a letter and what belongs to it."""

import json
import socket
from collections.abc import Iterable
from enum import Enum

import numpy as np

from sotto.audio.files.missing import Missing
from sotto.audio.files.selection import Channels, Selection, Track
from sotto.audio.input.source import SAMPLE_RATE, Pcm

MAX_SAMPLES = SAMPLE_RATE
"""One second, 64 kB: packets fit into a socket's buffer, which holds some 200 kB."""
MAX_PACKET = 4 * MAX_SAMPLES + 1


class Kind(Enum):
    """The letter."""

    SOUND = b"S"
    MISSING = b"M"
    TRACKS = b"T"
    END = b"E"
    FAULT = b"F"  # the text says what is wrong, as a predicate of the file


LAST = (Kind.END, Kind.FAULT)


def packed(block: Pcm | Missing) -> bytes:
    """Pack at most `MAX_SAMPLES` samples, or a place without sound."""
    if isinstance(block, Missing):
        return Kind.MISSING.value + json.dumps([block.start_s, block.end_s]).encode()
    return Kind.SOUND.value + block.astype("<f4").tobytes()


def samples(body: bytes, n_sounds: int = 1) -> Pcm:
    """Unpack samples (n,), or (n, n_sounds) of several sounds side by side."""
    pcm = np.frombuffer(body, "<f4").astype(np.float32)
    return pcm if n_sounds == 1 else pcm.reshape(-1, n_sounds)


def place_of(body: bytes) -> Missing:
    """Unpack a place without sound."""
    return Missing(*json.loads(body))


def packed_tracks(found: Iterable[Track]) -> bytes:
    """Pack what sound tracks there are."""
    return Kind.TRACKS.value + json.dumps(list(found)).encode()


def tracks(body: bytes) -> tuple[Track, ...]:
    """Unpack them."""
    return tuple(Track(*fields) for fields in json.loads(body))


def fault(words: str) -> bytes:
    """Pack why the file cannot be read."""
    return Kind.FAULT.value + words.encode()[: MAX_PACKET - 1]


def ask(to: socket.socket, file: int, suffix: str, selection: Selection | None) -> None:
    """Ask for the sound of an open file, or with None for what tracks it has.

    Raises:
        OSError: the other process is gone.
    """
    asked = json.dumps([suffix, selection]).encode()
    socket.send_fds(to, [asked], [file])


def asked(of: socket.socket) -> tuple[int, str, Selection | None] | None:
    """Return the next file that is asked for, and what of it; None at the end."""
    data, files, _, _ = socket.recv_fds(of, MAX_PACKET, 1)
    if not files:
        return None
    suffix, selection = json.loads(data)
    return files[0], suffix, None if selection is None else _selection(*selection)


def _selection(track: int | None, channels: Channels | list[Channels]) -> Selection:
    """Return a selection, of whose tuple JSON has made a list."""
    return Selection(track, tuple(channels) if isinstance(channels, list) else channels)
