"""Opening what FFmpeg reads, so that it reads that one file and nothing else."""

import io
from collections.abc import Callable
from typing import Any, BinaryIO

from sotto.audio.files.selection import Track
from sotto.errors import AudioFileError

DEMUXERS = (
    "aac,ac3,ac4,adx,aiff,alaw,amr,amrnb,amrwb,ape,aptx,aptx_hd,asf,au,avi,avr,bonk,caf,codec2,dfpwm,"
    "dsf,dts,dtshd,dv,eac3,flac,flv,g722,g723_1,g726,g726le,g729,gsm,gxf,hca,iamf,iff,ilbc,ircam,"
    "laf,lc3,loas,matroska,mlp,mov,mp3,mpc,mpc8,mpeg,mpegts,mulaw,mxf,nistsphere,nsv,nut,ogg,oma,"
    "osq,paf,pva,pvf,qcp,rka,rm,rso,sbc,sds,shn,sln,sox,spdif,swf,tak,truehd,tta,voc,vqf,w64,wav,"
    "wavarc,wsd,wtv,wv,xwma"
)
"""Formats that hold sound themselves. FFmpeg knows others that name files, addresses or devices
(hls, dash, concat, sdp, image2, imf, vobsub, alsa …), and pictures and subtitles."""
GIVE = "give a file in WAV, FLAC, MP3, OGG, M4A or what else FFmpeg reads"
HEAD_BYTES = 100
"""No format of sound is without a small number for so long."""
MAX_SUFFIX = 8
"""Letters of a suffix that tells a format."""
MAX_TRACKS, MAX_NAME = 64, 80
"""That are told: no film has more, and 80 letters fill a line."""


class HeldFile:
    """An open file as PyAV wants it: without its name, which could be read as an address.

    Args:
        file: open for reading; a pipe, too.
        suffix: of the file's name; some formats have no other mark. Letters and digits alone.
        on_wait: called with True before a read that may wait for whoever fills a pipe, and with
            False after it.
    """

    def __init__(
        self, file: BinaryIO | io.FileIO, suffix: str, on_wait: Callable[[bool], None]
    ) -> None:
        is_plain = suffix.isascii() and suffix.isalnum() and len(suffix) <= MAX_SUFFIX
        self.name = f"sound.{suffix}" if is_plain else "sound"
        self._file = file
        self._on_wait = on_wait
        self._is_pipe = not file.seekable()
        if not self._is_pipe:
            self.seek, self.tell = self._seek, file.tell  # PyAV looks whether they are there

    def read(self, n_bytes: int) -> bytes:
        """Return at most so many bytes; none at the end."""
        if not self._is_pipe:
            return self._file.read(n_bytes) or b""
        self._on_wait(True)
        try:
            return self._file.read(n_bytes) or b""
        finally:
            self._on_wait(False)

    def _seek(self, place: int, whence: int) -> int:
        """Go there; -1, which FFmpeg takes for an error, where a broken file leads nowhere."""
        try:
            return self._file.seek(place, whence)
        except (OSError, ValueError, OverflowError):
            return -1

    @property
    def is_text(self) -> bool:
        """Whether it begins like text: a list of other files, say."""
        head = self.head(HEAD_BYTES)
        return bool(head) and not any(byte < ord(" ") and byte not in b"\t\r\n" for byte in head)

    def size(self) -> int:
        """Return the number of bytes; 0 of a pipe."""
        if self._is_pipe:
            return 0
        place = self._file.tell()
        size = self._file.seek(0, io.SEEK_END)
        self._file.seek(place)
        return size

    def head(self, n_bytes: int) -> bytes:
        """Return the first bytes of the file, at most so many; none of a pipe."""
        return self._bytes_at(0, n_bytes)

    def tail(self, n_bytes: int) -> bytes:
        """Return the last bytes of the file, at most so many; none of a pipe."""
        return self._bytes_at(max(0, self.size() - n_bytes), n_bytes)

    def _bytes_at(self, start: int, n_bytes: int) -> bytes:
        if self._is_pipe:
            return b""
        place = self._file.tell()
        self._file.seek(start)
        data = self._file.read(n_bytes) or b""
        self._file.seek(place)
        return data


def open_container(file: HeldFile) -> Any:
    """Return PyAV's container.

    Raises:
        av.FFmpegError: it is none; `av.ArgumentError` where its format is not among `DEMUXERS`.
    """
    import av  # noqa: PLC0415 (FFmpeg is loaded where it is used)

    options = {"format_whitelist": DEMUXERS, "protocol_whitelist": "none"}
    return av.open(file, "r", options=options, metadata_errors="ignore")


def sound_tracks(file: HeldFile) -> list[Track]:
    """Return what sound tracks a file has, in its order.

    Raises:
        av.FFmpegError: See `open_container`.
    """
    with open_container(file) as container:
        streams = container.streams.audio
        default = _default(streams)
        return [
            Track(
                _n_channels(stream.codec_context) if stream.codec_context else 0,
                _plain(stream.metadata.get("language", "")),
                _plain(stream.metadata.get("title", "")),
                stream is default,
            )
            for stream in streams[:MAX_TRACKS]
        ]


def _plain(text: str) -> str:
    """Return what a file calls something, in a short line."""
    return "".join(filter(str.isprintable, text))[:MAX_NAME].strip()


def _default(streams: Any) -> Any:
    """Return the stream that the file calls its default, or the first; None without any."""
    import av  # noqa: PLC0415

    default = av.stream.Disposition.default
    return next((each for each in streams if each.disposition & default), next(iter(streams), None))


def sound_track(container: Any, track: int | None) -> Any:
    """Return the audio stream that is meant, made ready to decode; others are skipped.

    Raises:
        AudioFileError: there is none, or none of that number.
    """
    import av  # noqa: PLC0415

    streams = container.streams.audio
    if not streams:
        raise AudioFileError(f"holds no sound: {GIVE}")
    if track is not None and not 1 <= track <= len(streams):
        tracks = "one sound track" if len(streams) == 1 else f"{len(streams)} sound tracks"
        raise AudioFileError(f"has {tracks}; there is no track {track}")
    chosen = streams[track - 1] if track is not None else _default(streams)
    if chosen.codec_context is None:
        raise AudioFileError("holds sound of a kind that nobody decodes here: convert it to FLAC")
    for stream in container.streams:
        if stream is not chosen:
            stream.discard = av.stream.Discard.all
    _name_no_places(chosen)
    return chosen


def _name_no_places(stream: Any) -> None:
    """Forget where the loudspeakers stand.

    A layout out of FFmpeg's common order has memory of its own, which PyAV frees again with every
    frame. Decoders of PCM take the layout from here; those of codecs make one in common order.
    """
    if stream.codec_context.name.startswith("pcm_"):
        _n_channels(stream.codec_context)


def _n_channels(codec: Any) -> int:
    """Return how many channels there are, and leave PCM without places for them."""
    n_channels: int = codec.channels  # once: to ask for it is to free that memory
    if n_channels and codec.name.startswith("pcm_"):
        codec.layout = f"{n_channels} channels"
    return n_channels
