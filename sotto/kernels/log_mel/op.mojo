"""The registered operations; each hands the work to the code of its device."""

import extensibility
from extensibility import InputTensor, OutputTensor
from max.gpu.host import DeviceContext
from max.gpu.host.info import is_cpu

from .cpu import log_mel_cpu
from .gpu import log_mel_gpu
from .mel import Filters, Signal, floats, ints
from .smooth import Rows, smooth_cpu, smooth_gpu


@extensibility.register("sotto_log_mel")
struct LogMel:
    """Log10 mel power of frames of 400 samples, one row a frame."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        samples: InputTensor[dtype=DType.float32, rank=1, ...],
        starts: InputTensor[dtype=DType.int32, rank=1, ...],
        window: InputTensor[dtype=DType.float32, rank=1, ...],
        limits: InputTensor[dtype=DType.int32, rank=2, ...],
        weights: InputTensor[dtype=DType.float32, rank=2, ...],
        ctx: DeviceContext,
    ) raises:
        """Fill output (n_frames, n_mels).

        Shapes: samples (n_samples,), starts (n_frames,), window (400,), limits (n_mels, 2): first
        and end bin of each filter, weights (n_mels, longest filter).
        """
        if samples.dim_size(0) == 0 and output.dim_size(0) > 0:
            raise Error("log-mel: frames of an empty signal")
        var signal = Signal(
            floats(samples.unsafe_ptr()),
            samples.dim_size(0),
            ints(starts.unsafe_ptr()),
            output.dim_size(0),
        )
        var filters = Filters(
            ints(limits.unsafe_ptr()),
            floats(weights.unsafe_ptr()),
            output.dim_size(1),
            weights.dim_size(1),
        )
        var weighting = floats(window.unsafe_ptr())
        var rows = floats(output.unsafe_ptr())
        comptime if is_cpu[target]():
            log_mel_cpu(signal, weighting, filters, rows)
        else:
            log_mel_gpu(signal, weighting, filters, rows, ctx)


@extensibility.register("sotto_smooth_log_mel")
struct SmoothLogMel:
    """Mean of each value's 3 × 3 neighbourhood."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        output: OutputTensor[dtype=DType.float32, rank=2, ...],
        rows: InputTensor[dtype=DType.float32, rank=2, ...],
        ctx: DeviceContext,
    ) raises:
        """Fill output (n_frames, n_mels) from rows of the same shape, n_mels a multiple of 16."""
        var values = Rows(floats(rows.unsafe_ptr()), rows.dim_size(0), rows.dim_size(1))
        comptime if is_cpu[target]():
            smooth_cpu(values, floats(output.unsafe_ptr()))
        else:
            smooth_gpu(values, floats(output.unsafe_ptr()), ctx)
