"""What becomes of decoded frames: one sound at 16 kHz, or several side by side."""

from collections.abc import Sequence

import numpy as np

from sotto.audio.files.frames import ChannelChoice, Frames
from sotto.audio.files.selection import Channels
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.resample import Resampler


class Outputs:
    """Picks channels and converts them to 16 kHz, block by block, for each sound that is wanted.

    All get the same frames, so their samples come together.
    """

    def __init__(self, channels: Sequence[Channels]) -> None:
        self._choices = [ChannelChoice(each) for each in channels]
        self.begin(SAMPLE_RATE)

    def begin(self, rate: int) -> None:
        """Expect frames of another rate from now on."""
        self._rate = rate
        self._resamplers = [Resampler(rate) for _ in self._choices]

    def push(self, frames: Frames) -> Pcm:
        """Take frames (n, n_channels); return the samples that are ready, (n,) or (n, n_sounds)."""
        chosen = [choice.of(frames, self._rate) for choice in self._choices]
        pairs = zip(self._resamplers, chosen, strict=True)
        return _side_by_side([resampler.push(each) for resampler, each in pairs])

    def push_silence(self, n_frames: int) -> Pcm:
        """Take so many silent frames."""
        silence = np.zeros((n_frames, 1), np.float32)
        return _side_by_side([resampler.push(silence) for resampler in self._resamplers])

    def flush(self) -> Pcm:
        """Return what is held back; the frames are over, or of another rate."""
        return _side_by_side([resampler.flush() for resampler in self._resamplers])


def _side_by_side(sounds: list[Pcm]) -> Pcm:
    return sounds[0] if len(sounds) == 1 else np.stack(sounds, axis=1)
