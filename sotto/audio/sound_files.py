"""Decoding sound files: whatever FFmpeg reads, block by block, to 16 kHz mono.

One decoder (PyAV, which carries FFmpeg inside) for every format, so that a file that can be
transcribed can also be listened to.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.resample import Resampler
from sotto.errors import AudioFileError

FORMATS = "WAV, FLAC, MP3, OGG, M4A or what else FFmpeg reads"
# Codecs pad and headers round: an undamaged file is up to 0.1 s shorter than its header says.
SHORTFALL_S = 0.5


def read_audio(path: str | Path) -> Pcm:
    """Decode a whole file to samples (n,), 16 kHz mono, [-1, 1].

    Raises:
        AudioFileError: see `decode`.
    """
    return np.concatenate(list(decode(path)))


def decode(path: str | Path) -> Iterator[Pcm]:
    """Decode a file block by block (some 100 ms each), so that an hour needs no more memory.

    Frames that are damaged are left out, as ffmpeg does.

    Yields:
        Samples (n,), 16 kHz mono, [-1, 1]; never none at all.

    Raises:
        AudioFileError: the file is missing, a folder, empty, not sound, holds no samples, or
            (after the last block) is damaged or cut short.
    """
    path = Path(path)
    _check_file(path)
    import av  # noqa: PLC0415 - loads FFmpeg in 0.2 s, which a microphone does not need

    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise AudioFileError(f"“{path}” holds no sound: give a file in {FORMATS}")
            yield from _Decoding(path, container).blocks()
    except av.FFmpegError as error:
        raise AudioFileError(
            f"“{path}” cannot be read as sound ({error.strerror}): give a file in {FORMATS}"
        ) from error


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise AudioFileError(f"“{path}” is a folder: give a sound file in it")
    if not path.exists():
        raise AudioFileError(f"“{path}” does not exist: check the spelling of the path")
    if path.is_file() and path.stat().st_size == 0:
        raise AudioFileError(f"“{path}” is empty: record or copy it again")


class _Decoding:
    """One pass through the first audio stream of an open container."""

    def __init__(self, path: Path, container: Any) -> None:
        self._path = path
        self._container = container
        self._stream = container.streams.audio[0]
        self._decoded_s = 0.0
        self._is_damaged = False

    def blocks(self) -> Iterator[Pcm]:
        """Yield the samples; then raise AudioFileError if much is missing."""
        resampler, rate = Resampler(SAMPLE_RATE), SAMPLE_RATE
        for frame in self._frames():
            if frame.sample_rate != rate:  # at the start, or where streams were joined
                yield resampler.flush()
                resampler, rate = Resampler(frame.sample_rate), frame.sample_rate
            yield resampler.push(_samples(frame))
            self._decoded_s += frame.samples / rate
        yield resampler.flush()
        self._check()

    def _frames(self) -> Iterator[Any]:
        import av  # noqa: PLC0415

        packets = self._container.demux(self._stream)
        while True:
            try:
                yield from next(packets).decode()
            except StopIteration:
                return
            except av.error.InvalidDataError:
                self._is_damaged = True
            except av.error.EOFError:
                return

    def _check(self) -> None:
        if not self._decoded_s:
            raise AudioFileError(f"“{self._path}” holds no samples: record or copy it again")
        # Without damage the header may just be an estimate (MP3 of variable bit rate).
        promised_s = (self._container.duration or 0) / 1_000_000
        if self._is_damaged and self._decoded_s < promised_s - SHORTFALL_S:
            raise AudioFileError(
                f"“{self._path}” is damaged or cut short: {self._decoded_s:.1f} s of "
                f"{promised_s:.1f} s can be read; copy or download it again"
            )


# FFmpeg's integer sample formats: (zero level, full scale).
_INTEGER_SCALE = {
    np.dtype("u1"): (128, 2**7),
    np.dtype("i2"): (0, 2**15),
    np.dtype("i4"): (0, 2**31),
}


def _samples(frame: Any) -> NDArray[np.float32]:
    """Return the samples of a decoded frame as (n, n_channels) in [-1, 1]."""
    array = frame.to_ndarray()  # planar: (n_channels, n); packed: (1, n · n_channels)
    frames = array.T if frame.format.is_planar else array.reshape(frame.samples, -1)
    zero, full_scale = _INTEGER_SCALE.get(frames.dtype, (0, 1))
    scaled: NDArray[np.float64] = (frames.astype(np.float64) - zero) / full_scale
    return scaled.astype(np.float32)
