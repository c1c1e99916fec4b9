import extensibility
from extensibility import InputTensor, OutputTensor
from max.gpu.host import DeviceContext
from max.gpu.host.info import is_cpu


@extensibility.register("sotto.log_mel")
struct LogMel:
    """Log10 mel spectrogram, one row a frame."""

    @staticmethod
    def execute[
        target: StaticString,
    ](
        log_mel: OutputTensor[dtype=DType.float32, rank=2, ...],
        samples: InputTensor[dtype=DType.float32, rank=1, ...],
        starts: InputTensor[dtype=DType.int32, rank=1, ...],
        window: InputTensor[dtype=DType.float32, rank=1, ...],
        band_starts: InputTensor[dtype=DType.int32, rank=1, ...],
        band_weights: InputTensor[dtype=DType.float32, rank=2, ...],
        ctx: DeviceContext,
    ) raises:
        comptime assert is_cpu[target](), "cpu only"
