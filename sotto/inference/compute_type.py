"""What the matrices of a model are made of."""

from enum import StrEnum

from sotto.kernels.processor import fastest


class ComputeType(StrEnum):
    """CTranslate2's and faster-whisper's names."""

    FLOAT32 = "float32"
    INT8 = "int8"  # a byte a weight with a scale a column; rows of activations likewise


def best_compute_type() -> ComputeType:
    """Return bytes where this processor has instructions for them, else floats."""
    return ComputeType.FLOAT32 if fastest() is None else ComputeType.INT8
