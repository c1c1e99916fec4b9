"""Log-mel spectrogram, as openai-whisper's `log_mel_spectrogram` defines it.

Raw means log10 of the mel power, before the clamp to 8 below the maximum: rows of it stay valid
when more audio arrives, while the maximum may grow.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from max.dtype import DType
from max.graph import DeviceRef, Graph, Module, TensorType, TensorValue
from numpy.typing import NDArray

from sotto.inference.dimensions import HOP_LENGTH, N_FFT, SAMPLE_RATE
from sotto.inference.growing import GrowingArray
from sotto.inference.interfaces import Array
from sotto.kernels.library import kernel_library
from sotto.kernels.ops import log_mel

Starts = NDArray[np.int32]
RawLogMel = Callable[[Array, Starts], Array]
"""Raw log-mel (n_frames, n_mels) of pcm (n_samples,) at frame starts (n_frames,)."""

HALF_FRAME = N_FFT // 2  # frames are centred on multiples of the hop
FLOOR = 1e-10  # mel power below which all is silence
SILENCE = np.float32(np.log10(FLOOR))
DYNAMIC_RANGE = np.float32(8)  # decades below the loudest value that are kept
LOUD_RANGE = np.float32(3)  # decades below the loudest value that speech has in a quiet room


@cache
def mel_filters(n_mels: int) -> Array:
    """Return the triangular filters (n_mels, 201), as `librosa.filters.mel(sr=16000, n_fft=400)`.

    Slaney's scale and normalisation: linear to 1 kHz, then logarithmic; each triangle's area is 1.
    """
    highest = _hz_to_mel(SAMPLE_RATE / 2)
    edges = _mel_to_hz(np.linspace(0.0, highest, n_mels + 2))
    bins = np.linspace(0.0, SAMPLE_RATE / 2, N_FFT // 2 + 1)
    below, peak, above = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.minimum((bins - below) / (peak - below), (above - bins) / (above - peak))
    filters = (np.maximum(0.0, triangles) * 2 / (above - below)).astype(np.float32)
    filters.setflags(write=False)
    return filters


# Slaney's Auditory Toolbox: 200/3 Hz a mel up to 1 kHz (mel 15), above it 27 mels a factor of 6.4.
_HZ_PER_MEL = 200 / 3
_LOG_START_HZ = 1000.0
_LOG_START_MEL = _LOG_START_HZ / _HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27


def _hz_to_mel(hz: float) -> float:
    """Convert a frequency above 1 kHz."""
    return float(_LOG_START_MEL + np.log(hz / _LOG_START_HZ) / _LOG_STEP)


def _mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    logarithmic = _LOG_START_HZ * np.exp(_LOG_STEP * (mel - _LOG_START_MEL))
    hz: NDArray[np.float64] = np.where(mel < _LOG_START_MEL, mel * _HZ_PER_MEL, logarithmic)
    return hz


def frame_starts(first: int, end: int, origin: int = 0) -> Starts:
    """Return where frames `first` … `end` - 1 start, counted from sample `origin`.

    Frame 0 is centred on sample 0, so it starts at sample -200.
    """
    return (np.arange(first, end) * HOP_LENGTH - HALF_FRAME - origin).astype(np.int32)


def log_mel_reference(pcm: Array, n_mels: int) -> NDArray[np.float64]:
    """Return the raw log-mel (n_samples // 160, n_mels) of pcm (n_samples,), in double precision.

    The plain form of what the kernel computes, kept to test it.
    """
    n_frames = len(pcm) // HOP_LENGTH
    if not n_frames:
        return np.empty((0, n_mels))
    padded = np.pad(pcm.astype(np.float64), HALF_FRAME, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP_LENGTH][:n_frames]
    window = np.hanning(N_FFT + 1)[:-1]
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    mel = power @ mel_filters(n_mels).T.astype(np.float64)
    raw: NDArray[np.float64] = np.log10(np.maximum(mel, FLOOR))
    return raw


def log_mel_graph(n_mels: int, smoothing: bool = False, *, module: Module | None = None) -> Graph:
    """Return the graph: pcm float32 (n_samples,), starts int32 (n_frames,) → raw log-mel."""
    device = DeviceRef.CPU()

    def forward(pcm: TensorValue, starts: TensorValue) -> TensorValue:
        return log_mel(pcm, starts, mel_filters(n_mels), smoothing=smoothing)

    return Graph(
        "log_mel",
        forward=forward,
        input_types=[
            TensorType(DType.float32, ["n_samples"], device),
            TensorType(DType.int32, ["n_frames"], device),
        ],
        kernel_library=kernel_library(),
        module=module,
    )


def normalise(raw: Array, out: Array | None = None) -> Array:
    """Clamp raw log-mel to 8 below its maximum and scale it to about [-1, 1], as openai-whisper.

    Args:
        raw: float32, of any shape.
        out: Where to write the result, as in numpy; it may be `raw` itself.
    """
    if not raw.size:
        return raw
    scaled: Array = np.maximum(raw, raw.max() - DYNAMIC_RANGE, out=out)
    scaled += np.float32(4)
    scaled /= np.float32(4)
    return scaled


def loud_span(mel: Array) -> int:
    """Return how many frames there are from the first loud one to the last.

    Args:
        mel: normalised log-mel (n_frames, n_mels).
    """
    if not mel.size:
        return 0
    loudest = mel.max(axis=1)
    loud = np.flatnonzero(loudest >= loudest.max() - LOUD_RANGE / 4)
    return int(loud[-1] - loud[0]) + 1


class IncrementalLogMel:
    """Log-mel of audio that grows: each frame is computed once, when its last sample is there.

    Owned by one thread. Frames are counted from the first sample ever appended.
    """

    def __init__(self, log_mel: RawLogMel, n_mels: int) -> None:
        self._log_mel = log_mel
        self._rows = GrowingArray((n_mels,))
        self._samples = GrowingArray(())

    @property
    def n_samples(self) -> int:
        """Samples appended so far."""
        return self._samples.end

    @property
    def first_frame(self) -> int:
        """The first frame not yet forgotten."""
        return self._rows.start

    def append(self, pcm: Array) -> None:
        """Add pcm (n_samples,) and compute the frames that it completes."""
        self._samples.append(pcm)
        first, end = self._rows.end, _complete_frames(self.n_samples)
        if end > first:
            self._rows.append(self._compute(first, end, self._samples.view()))
            self._samples.drop_before(_first_sample(end))

    def features(self, padding_samples: int = 0) -> Array:
        """Return normalised log-mel (n_frames, n_mels) of all frames not forgotten.

        Equal to that of the whole audio with `padding_samples` zeros appended, but for the
        clamp: its maximum is that of the frames returned.
        """
        n_frames = (self.n_samples + padding_samples) // HOP_LENGTH
        known = self._rows.view()
        raw = np.full((n_frames - self.first_frame, known.shape[1]), SILENCE)
        raw[: len(known)] = known
        tail = self._tail(n_frames, padding_samples)
        raw[len(known) : len(known) + len(tail)] = tail
        return normalise(raw)

    def trim(self, frames: int) -> None:
        """Forget the first `frames` of the frames held.

        Raises:
            ValueError: more frames than are complete.
        """
        complete = self._rows.end - self._rows.start
        if not 0 <= frames <= complete:
            raise ValueError(f"cannot forget {frames} frames, {complete} are complete")
        self._rows.drop_before(self._rows.start + frames)

    def _tail(self, n_frames: int, padding_samples: int) -> Array:
        """Compute the frames that hold the last samples and reach into the padding."""
        first = self._rows.end
        # A frame that starts after the last sample is silent.
        end = min(n_frames, -(-(self.n_samples + HALF_FRAME) // HOP_LENGTH))
        # Zeros further on are out of reach of these frames and of their reflection.
        zeros = np.zeros(min(padding_samples, N_FFT + 1), np.float32)
        return self._compute(first, end, np.concatenate([self._samples.view(), zeros]))

    def _compute(self, first: int, end: int, pcm: Array) -> Array:
        if end <= first:
            return self._rows.view()[:0]
        return self._log_mel(pcm, frame_starts(first, end, origin=self._samples.start))


def _first_sample(frame: int) -> int:
    return max(0, frame * HOP_LENGTH - HALF_FRAME)


def _complete_frames(n_samples: int) -> int:
    """Return how many frames more audio cannot change; frame 0 reflects sample 200."""
    if n_samples <= HALF_FRAME:
        return 0
    return (n_samples - HALF_FRAME) // HOP_LENGTH + 1
