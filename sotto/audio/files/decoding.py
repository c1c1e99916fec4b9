"""From an open container to 16 kHz mono, block by block, with silence where sound is missing."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from sotto.audio.files.container import HeldFile, open_container, sound_track
from sotto.audio.files.frames import Frames, samples_of
from sotto.audio.files.length import LARGEST_OGG_PAGE, ogg_is_cut, origin, told_length
from sotto.audio.files.missing import Missing
from sotto.audio.files.outputs import Outputs
from sotto.audio.files.selection import Selection
from sotto.audio.files.timeline import Timeline
from sotto.audio.input.source import Pcm
from sotto.errors import AudioFileError

MIN_RATE, MAX_RATE = 2_000, 1_000_000
"""Hz. Speech has nothing below the one that could be understood; nobody records above the other.
A file of a few bytes that claims 1 Hz would fill the memory when it is brought to 16 kHz."""
MAX_CHANNELS = 64
MAX_SOUND_S = 24 * 3600.0
"""What is read of a file, 5.5 GB of samples: a few bytes of FLAC hold hours of silence."""

BLOCK_S = 0.1
"""What is converted at a time, at least: a frame may be much shorter."""

Decoded = Pcm | Missing


def decoded(file: HeldFile, selection: Selection) -> Iterator[Decoded]:
    """Yield samples, 16 kHz, [-1, 1], in their order, and what is missing among them.

    They are (n,), or (n, n_sounds) where several sounds are wanted side by side.

    Args:
        file: what to decode.
        selection: what of it.

    Raises:
        av.FFmpegError: the file cannot be opened.
        AudioFileError: it holds no sound that can be used. The message is a predicate.
    """
    with open_container(file) as container:
        stream = sound_track(container, selection.track)
        is_cut = container.format.name == "ogg" and ogg_is_cut(file.tail(LARGEST_OGG_PAGE))
        yield from _Decoding(container, stream, file, selection).run(is_cut=is_cut)


class _Decoding:
    """One pass through a track."""

    def __init__(self, container: Any, stream: Any, file: HeldFile, selection: Selection) -> None:
        length_s, is_exact = told_length(container, stream, file)
        self._timeline = Timeline(length_s, is_exact=is_exact)
        self._container = container
        self._stream = stream
        self._outputs = Outputs(selection.sounds)
        self._origin_s = origin(container)
        self._shape = (0, 0)  # rate and channels
        self._ready: list[Frames] = []  # of that shape; not yet converted
        self._n_ready = 0  # samples in them
        self._wrong = "holds no samples: record or copy it again"

    def run(self, *, is_cut: bool) -> Iterator[Decoded]:
        """Yield all there is. See `decoded`."""
        has_sound = False
        for frame in self._frames():
            if self._timeline.position_s >= MAX_SOUND_S:
                yield Missing(self._timeline.position_s, None)
                return
            frames = self._usable(frame)
            if frames is not None:
                has_sound = True
                yield from self._placed(frame, frames)
        yield self._converted()
        yield self._outputs.flush()
        if not has_sound:
            raise AudioFileError(self._wrong)
        missing = self._timeline.end(is_cut=is_cut)
        if missing is not None:
            yield missing

    def _frames(self) -> Iterator[Any]:
        import av  # noqa: PLC0415 (FFmpeg is loaded where it is used)

        packets = self._container.demux(self._stream)
        while True:
            try:
                yield from next(packets).decode()
            except (StopIteration, av.error.EOFError):
                return
            except (av.error.FFmpegError, ValueError):  # ValueError: a format PyAV does not know
                self._timeline.damage()

    def _usable(self, frame: Any) -> Frames | None:
        """Return the frame's samples, unless what it says of itself cannot be."""
        n_channels = frame.layout.nb_channels
        if not MIN_RATE <= frame.sample_rate <= MAX_RATE:
            self._wrong = f"has {frame.sample_rate} samples a second, which cannot be speech"
        elif not 1 <= n_channels <= MAX_CHANNELS:
            self._wrong = f"has {n_channels} channels; up to {MAX_CHANNELS} can be read"
        elif frame.samples > 0:
            return samples_of(frame)
        self._timeline.damage()
        return None

    def _placed(self, frame: Any, frames: Frames) -> Iterator[Decoded]:
        """Take a frame to those that are ready; yield what goes before it."""
        gap_s, missing = self._timeline.gap_before(self._stamp_s(frame))
        shape = (frame.sample_rate, frames.shape[1])
        if gap_s or shape != self._shape or self._n_ready >= BLOCK_S * frame.sample_rate:
            yield self._converted()
        if frame.sample_rate != self._shape[0]:  # at the start, or where streams were joined
            yield self._outputs.flush()
            self._outputs.begin(frame.sample_rate)
        self._shape = shape
        yield from self._silence(gap_s)
        if missing is not None:
            yield missing
        self._ready.append(frames)
        self._n_ready += len(frames)
        self._timeline.advance(len(frames) / frame.sample_rate)

    def _converted(self) -> Pcm:
        """Return what is ready as 16 kHz mono."""
        if not self._ready:
            return np.zeros(0, np.float32)
        frames, self._ready, self._n_ready = np.concatenate(self._ready), [], 0
        return self._outputs.push(frames)

    def _stamp_s(self, frame: Any) -> float | None:
        if frame.pts is None or frame.time_base is None:
            return None
        return float(frame.pts * frame.time_base) - self._origin_s

    def _silence(self, seconds: float) -> Iterator[Pcm]:
        rate = self._shape[0]
        n_left = round(seconds * rate)
        while n_left > 0:
            n_frames = min(n_left, rate)
            yield self._outputs.push_silence(n_frames)
            n_left -= n_frames
