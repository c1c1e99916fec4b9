"""How long a track is by what its file says, and whether the file was cut off."""

from typing import Any

from sotto.audio.files.container import HeldFile

# These count samples, or keep the end of the last frame.
_EXACT = ("aiff", "au", "caf", "flac", "matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2", "w64", "wav")
_STREAMED_BYTES = 0x7FFF_0000
"""What programs write as the length of a WAV that they are about to stream, or more."""
_MICROSECONDS = 1_000_000  # FFmpeg's unit for a container
_OGG_PAGE, _OGG_HEADER, _OGG_END = b"OggS", 27, 4
LARGEST_OGG_PAGE = 65_307  # bytes, RFC 3533


def told_length(container: Any, stream: Any, file: HeldFile) -> tuple[float | None, bool]:
    """Return the length of the track in seconds from the container's start, and whether it counts.

    A length that does not count is an estimate, as that of an MP3 of variable bit rate.
    """
    length_s = _length(container, stream)
    if container.format.name == "wav" and length_s is not None:
        length_s = _length_of_wav(length_s, (stream.codec_context.bit_rate or 0) / 8, file)
    if length_s is None or length_s <= 0:
        return None, False
    return length_s, container.format.name in _EXACT


def _length(container: Any, stream: Any) -> float | None:
    end_s: float | None = None  # by time stamp
    if stream.duration is not None:
        end_s = float(((stream.start_time or 0) + stream.duration) * stream.time_base)
    elif "DURATION" in stream.metadata:  # Matroska's, with the start
        end_s = _seconds(stream.metadata["DURATION"])
    elif len(container.streams) == 1 and container.duration:
        end_s = container.duration / _MICROSECONDS
    return end_s - origin(container) if end_s is not None else None


def origin(container: Any) -> float:
    """Return the time stamp, in seconds, at which the container begins."""
    return (container.start_time or 0) / _MICROSECONDS


def _seconds(text: str) -> float | None:
    """Read `00:00:06.505000000`."""
    try:
        hours, minutes, seconds = map(float, text.split(":"))
    except ValueError:
        return None
    return 3600 * hours + 60 * minutes + seconds


def _length_of_wav(length_s: float, bytes_a_second: float, file: HeldFile) -> float | None:
    """Return the length by the header; FFmpeg's is that of what is there."""
    head = file.head(8)
    claimed = int.from_bytes(head[4:], "little") + len(head)
    if length_s * bytes_a_second >= _STREAMED_BYTES or claimed >= _STREAMED_BYTES:
        return None
    n_missing = claimed - file.size() if head.startswith(b"RIFF") and file.size() else 0
    return length_s + max(0, n_missing) / bytes_a_second if bytes_a_second else length_s


def ogg_is_cut(tail: bytes) -> bool:
    """Tell whether an Ogg file lacks its end: its last page is not whole or not marked as the last.

    Such a file does not know its length (RFC 3533).

    Args:
        tail: the last `LARGEST_OGG_PAGE` bytes; none of what cannot be looked at from behind.
    """
    page = tail[tail.rfind(_OGG_PAGE) :] if _OGG_PAGE in tail else b""
    if len(page) < _OGG_HEADER:
        return bool(tail)
    n_segments = page[_OGG_HEADER - 1]
    body = sum(page[_OGG_HEADER : _OGG_HEADER + n_segments])
    return not page[5] & _OGG_END or len(page) < _OGG_HEADER + n_segments + body
