"""The nodes of a MAX graph that compute log-mel rows, with their arguments checked."""

import numpy as np
from max.dtype import DType
from max.graph import TensorType, TensorValue, ops
from numpy.typing import NDArray

N_FFT = 400  # samples in a frame; the kernel's transform is written for this length
N_BINS = N_FFT // 2 + 1
BANDS_STEP = 16  # the widest CPU vector; the kernel writes that many mel bands at a time


def log_mel(
    samples: TensorValue,
    starts: TensorValue,
    filters: NDArray[np.float32],
    *,
    smoothing: bool = False,
) -> TensorValue:
    """Add to the graph the log10 mel power of Hann-windowed frames of 400 samples.

    The part of openai-whisper's `log_mel_spectrogram` up to the logarithm, transposed. Samples
    outside the signal are reflected at its ends, as `torch.stft(center=True)` does; a signal
    shorter than the overhang is reflected repeatedly, as `numpy.pad` does.

    Args:
        samples: float32 (n_samples,), [-1, 1], at least one where there is a frame.
        starts: int32 (n_frames,), index of each frame's first sample; it may be negative.
        filters: float32 (n_mels, 201), weights of the power spectrum's bins; n_mels a multiple
            of 16. Whisper's, on Slaney's scale, are `sotto.inference.features.mel_filters`.
        smoothing: Replace each value by the mean of its 3 x 3 neighbourhood: the frames before
            and after it in `starts`, the bands below and above. At an edge the mean is that of
            the neighbours that exist, 6 or 4. Whisper has no smoothing.

    Returns:
        float32 (n_frames, n_mels), log10 of the mel power, at least -10.

    Raises:
        TypeError: samples, starts or filters are of another dtype.
        ValueError: they are of another shape, or on different devices.
    """
    _check_tensor("samples", samples, DType.float32)
    _check_tensor("starts", starts, DType.int32)
    if samples.device != starts.device:
        raise ValueError(f"samples are on {samples.device}, starts on {starts.device}")
    limits, weights = sparse(filters)
    window = np.hanning(N_FFT + 1)[:-1].astype(np.float32)
    device = samples.device
    constants = [
        ops.constant(window, DType.float32, device),
        ops.constant(limits, DType.int32, device),
        ops.constant(weights, DType.float32, device),
    ]
    rows = TensorType(DType.float32, [starts.shape[0], len(filters)], device)
    result = ops.custom("sotto_log_mel", device, [samples, starts, *constants], [rows])
    if smoothing:
        result = ops.custom("sotto_smooth_log_mel", device, result, [rows])
    return result[0].tensor


def _check_tensor(name: str, value: TensorValue, dtype: DType) -> None:
    if value.dtype != dtype:
        raise TypeError(f"{name} must be {dtype.name}, not {value.dtype.name}")
    if value.rank != 1:
        raise ValueError(f"{name} must have one dimension, not {value.rank}")


def sparse(
    filters: NDArray[np.float32],
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Keep of each filter the run of bins from its first to its last weight.

    Returns:
        limits int32 (n_mels, 2), first and end bin; weights float32 (n_mels, longest run).

    Raises:
        TypeError: filters are not float32.
        ValueError: filters are not (a multiple of 16, 201).
    """
    if filters.dtype != np.float32:
        raise TypeError(f"filters must be float32, not {filters.dtype}")
    if filters.ndim != 2 or filters.shape[1] != N_BINS or filters.shape[0] % BANDS_STEP:
        raise ValueError(
            f"filters must be (multiple of {BANDS_STEP}, {N_BINS}), not {filters.shape}"
        )
    bins = [np.flatnonzero(row) for row in filters]
    limits = np.array([(b[0], b[-1] + 1) if len(b) else (0, 0) for b in bins], np.int32)
    weights = np.zeros((len(filters), max(1, int(np.ptp(limits, axis=1).max()))), np.float32)
    for row, run, (first, end) in zip(filters, weights, limits, strict=True):
        run[: end - first] = row[first:end]
    return limits, weights
