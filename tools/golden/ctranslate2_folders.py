"""Write tests/golden/checkpoint/ctranslate2/: what CTranslate2's converter makes of transformers/.

A model.bin for each way of quantising, the files that lie beside all of them, and for each a
`.json` with the SHA-256 of every parameter as float32 under openai-whisper's name. Those come of
transformers' weights: matrices and convolutions in int8 as CTranslate2 documents it (127 over the
largest of a row times the row, rounded, and back), all else in the other type.
"""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from ctranslate2.converters import TransformersConverter
from transformers import WhisperForConditionalGeneration

from tools.golden.checkpoints import OUTPUT, write_digests
from tools.golden.reference import openai_name

SOURCE = OUTPUT / "transformers"
FOLDER = OUTPUT / "ctranslate2"
# How the converter quantises: the type of matrices (None: int8) and of all else.
TYPES = {
    "int8_float32": (None, torch.float32),
    "int8_float16": (None, torch.float16),
    "int8_bfloat16": (None, torch.bfloat16),
    "bfloat16": (torch.bfloat16, torch.bfloat16),
}
BESIDE = ("config.json", "vocabulary.json")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    state = WhisperForConditionalGeneration.from_pretrained(SOURCE, dtype=torch.float32)
    weights = {openai_name(name): value for name, value in state.state_dict().items()}
    weights.pop("proj_out.weight")
    for quantisation, types in TYPES.items():
        with tempfile.TemporaryDirectory() as folder:
            converter = TransformersConverter(str(SOURCE))
            made = Path(converter.convert(folder, quantization=quantisation, force=True))
            shutil.copy(made / "model.bin", FOLDER / f"{quantisation}.bin")
            for name in BESIDE:
                shutil.copy(made / name, FOLDER / name)
        stored = {name: as_stored(name, value, *types) for name, value in weights.items()}
        write_digests(FOLDER / f"{quantisation}.json", stored)


def as_stored(
    name: str, value: torch.Tensor, matrices: torch.dtype | None, others: torch.dtype
) -> torch.Tensor:
    """Return what is left of a parameter."""
    if value.dim() == 1 or name.endswith("positional_embedding"):
        return value.to(others)
    return int8(value) if matrices is None else value.to(matrices)


def int8(value: torch.Tensor) -> torch.Tensor:
    """Quantise and back as CTranslate2's `_quantize` does; torch would divide less exactly."""
    rows = value.flatten(start_dim=1).numpy()
    largest = np.abs(rows).max(axis=1, keepdims=True)
    largest[largest == 0] = 127  # the row of padding
    scales = 127 / largest
    whole = np.rint(rows * scales).astype(np.int8)
    return torch.from_numpy((whole / scales).reshape(value.shape))


if __name__ == "__main__":
    main()
