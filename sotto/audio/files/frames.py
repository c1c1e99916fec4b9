"""Decoded frames as arrays, and their channels as one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sotto.audio.files.selection import Channels

Frames = NDArray[np.float32]
"""(n, n_channels), [-1, 1]."""

# FFmpeg's sample formats without the p of planar ones: (numpy's type, zero level, full scale).
_FORMATS: dict[str, tuple[str, int, int]] = {
    "u8": ("u1", 128, 2**7),
    "s16": ("i2", 0, 2**15),
    "s32": ("i4", 0, 2**31),
    "s64": ("i8", 0, 2**63),
    "flt": ("f4", 0, 1),
    "dbl": ("f8", 0, 1),
}

OPPOSITE = -0.8
"""Correlation of left and right from which on one counts as the other upside down. Their mean is
then 10 dB or more below them: (1 + r) / 2 of their power is left. Two microphones in a room
rarely correlate below -0.3, so wide stereo stays as it is."""
MEMORY_S = 0.5
"""How far back that correlation looks: a moment of opposite bass does not turn a channel over."""


def samples_of(frame: Any) -> Frames:
    """Return the samples of PyAV's frame.

    Planes are taken by number. PyAV's own `planes` and `to_ndarray` look for an end mark that
    frames of eight channels do not have, and read beyond them.
    """
    from av.audio.plane import AudioPlane  # noqa: PLC0415 (FFmpeg is loaded where it is used)

    n_channels = frame.layout.nb_channels
    dtype, zero, full_scale = _FORMATS[frame.format.name.removesuffix("p")]
    if frame.format.is_planar:
        planes = [memoryview(AudioPlane(frame, channel)) for channel in range(n_channels)]
        array = np.stack([np.frombuffer(p, dtype, frame.samples) for p in planes], axis=1)
    else:
        values = np.frombuffer(memoryview(AudioPlane(frame, 0)), dtype, frame.samples * n_channels)
        array = values.reshape(frame.samples, n_channels)
    samples = array.astype(np.float32)
    if full_scale != 1:
        samples -= np.float32(zero)
        samples /= np.float32(full_scale)  # a power of two: exact
    return samples


class ChannelChoice:
    """Picks the channels that are meant, block by block.

    Args:
        channels: `left` and `right` are the first and the second; where there is one alone, that.
            `mix` is all of them, with none upside down, as a swapped wire gives it.
    """

    def __init__(self, channels: Channels) -> None:
        self._channels = channels
        self._power = np.zeros(3)  # left, right, both: running sums

    def of(self, frames: Frames, rate: int) -> Frames:
        """Return (n, 1) or (n, n_channels), whose mean is what is meant."""
        if self._channels != "mix":
            column = min(("left", "right").index(self._channels), frames.shape[1] - 1)
            return frames[:, column : column + 1]
        if frames.shape[1] == 2 and self._are_opposite(frames, rate):
            return frames * np.array([1, -1], np.float32)
        return frames

    def _are_opposite(self, frames: Frames, rate: int) -> bool:
        n, sums, products = len(frames), frames.sum(axis=0), frames.T @ frames
        covariance = products - np.outer(sums, sums) / n  # a constant offset is no sound
        power = covariance[[0, 1, 0], [0, 1, 1]].astype(np.float64)
        if np.isfinite(power).all():
            self._power = self._power * np.exp(-n / (MEMORY_S * rate)) + power
        of_left, of_right, of_both = self._power
        return bool(of_both < OPPOSITE * np.sqrt(of_left * of_right))
