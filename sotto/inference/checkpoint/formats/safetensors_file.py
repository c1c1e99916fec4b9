"""Reading the header of a safetensors file.

The format: 8 bytes with the length of the header, the header in JSON, then the data
(https://huggingface.co/docs/safetensors). The library of that name reads no bfloat16 into numpy
and does not say which tensor is cut off, so the header is read here.
"""

import math
from pathlib import Path

import numpy as np

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.formats.json_file import is_count, is_counts, parse_object
from sotto.inference.checkpoint.names import is_used
from sotto.inference.checkpoint.tensors import (
    NUMPY_TYPES,
    StoredTensor,
    contiguous_strides,
    map_file,
    unsupported_numbers,
)

LENGTH_BYTES = 8


def read_safetensors(path: Path) -> dict[str, StoredTensor]:
    """Return the tensors of the file that Whisper uses, under their names; no data is read.

    Raises:
        CheckpointError: The file is missing, truncated, damaged or holds unsupported numbers.
    """
    buffer = map_file(path)
    data_start = LENGTH_BYTES + int.from_bytes(buffer[:LENGTH_BYTES], "little")
    if len(buffer) < LENGTH_BYTES or len(buffer) < data_start:
        raise CheckpointError(
            f"{path} is truncated or no safetensors file: its header is cut off; fetch it again"
        )
    header = parse_object(buffer[LENGTH_BYTES:data_start], path)
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        if not is_used(name):
            continue
        dtype, shape, begin, end = _entry(entry, name, path)
        if data_start + end > len(buffer):
            raise CheckpointError(f"{path} is truncated within tensor {name}; fetch it again")
        tensors[name] = StoredTensor(
            path, buffer, dtype, shape, contiguous_strides(shape), data_start + begin
        )
    return tensors


def _entry(entry: object, name: str, path: Path) -> tuple[str, tuple[int, ...], int, int]:
    """Return dtype, shape and the range of bytes of one tensor, checked against each other."""
    match entry:
        case {"dtype": str(dtype), "shape": list(shape), "data_offsets": [begin, end]} if (
            is_counts(shape) and is_count(begin) and is_count(end)
        ):
            pass
        case _:
            raise CheckpointError(f"{path}: the header of tensor {name} is damaged; fetch it again")
    if dtype not in NUMPY_TYPES:
        raise unsupported_numbers(path, name, dtype)
    if end - begin != math.prod(shape) * np.dtype(NUMPY_TYPES[dtype]).itemsize:
        raise CheckpointError(
            f"{path}: tensor {name} of shape {tuple(shape)} does not fit its {end - begin} bytes; "
            "fetch it again"
        )
    return dtype, tuple(shape), begin, end
