"""Write tests/golden/checkpoint/ggml.npz: rows of numbers as ggml itself quantises them, and back.

Asks the library in the wheels of pywhispercpp, whose functions ggml exports.
"""

import ctypes
from importlib.metadata import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

OUTPUT = Path(__file__).parents[2] / "tests" / "golden" / "checkpoint" / "ggml.npz"
Array = NDArray[np.float32]

TYPES = {"q4_0": 2, "q4_1": 3, "q5_0": 6, "q5_1": 7, "q8_0": 8}
N_ROWS, N_COLUMNS = 24, 64


def main() -> None:
    rows = numbers()
    found: dict[str, NDArray[Any]] = {"rows": rows}
    library = ggml()
    for name, number in TYPES.items():
        blocks = np.zeros(rows.nbytes, np.uint8)
        n_bytes = library.ggml_quantize_chunk(
            number,
            pointer(rows),
            pointer(blocks),
            *map(ctypes.c_int64, (0, N_ROWS, N_COLUMNS)),
            None,
        )
        floats = np.empty_like(rows)
        back = getattr(library, f"dequantize_row_{name}")
        back(pointer(blocks), pointer(floats), ctypes.c_int64(rows.size))
        found[f"{name}.blocks"], found[f"{name}.floats"] = blocks[:n_bytes], floats
    np.savez_compressed(OUTPUT, allow_pickle=False, **found)


def numbers() -> Array:
    """Return numbers of many sizes, rows of zeros, of one sign, and of one number."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((N_ROWS, N_COLUMNS)).astype(np.float32)
    rows *= np.exp2(rng.integers(-12, 4, (N_ROWS, 1))).astype(np.float32)
    rows[0], rows[1], rows[2], rows[3] = 0, np.abs(rows[1]), -np.abs(rows[2]), -0.75
    return rows


def ggml() -> ctypes.CDLL:
    (path,) = (f for f in files("pywhispercpp") or () if f.name.startswith("libggml-base-"))
    library = ctypes.CDLL(str(path.locate()))
    library.ggml_quantize_chunk.restype = ctypes.c_size_t
    return library


def pointer(array: NDArray[Any]) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)


if __name__ == "__main__":
    main()
