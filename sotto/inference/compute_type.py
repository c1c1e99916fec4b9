"""What the matrices of a model are made of."""

from enum import StrEnum


class ComputeType(StrEnum):
    """CTranslate2's and faster-whisper's names."""

    FLOAT32 = "float32"
    INT8 = "int8"  # a byte a weight with a scale a column; rows of activations likewise
