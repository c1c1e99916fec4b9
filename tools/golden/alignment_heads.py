"""Write the table in sotto/inference/checkpoint/alignment_heads.py from openai-whisper's.

openai-whisper keeps the heads by the model's name, as a compressed mask. Files of other programs
have no name, so the table is by what tells the models apart: the decoder's width and layers and the
size of the vocabulary. large-v1 and large-v2 agree in all of these; of the two the table has
large-v2, by which large-v1 was replaced within three months.
"""

import base64
import gzip
import re
import subprocess
from pathlib import Path
from pprint import pformat

import numpy as np
from whisper import _ALIGNMENT_HEADS

from tools.fixtures.random_checkpoint import OFFICIAL_DIMENSIONS

MODULE = Path(__file__).parents[2] / "sotto" / "inference" / "checkpoint" / "alignment_heads.py"
TABLE = re.compile(r"^(HEADS: .* = )\{.*?\}$", re.DOTALL | re.MULTILINE)
LEFT_OUT = "large-v1"


def main() -> None:
    content = MODULE.read_text(encoding="utf-8")
    table = pformat(heads(), sort_dicts=False)
    MODULE.write_text(TABLE.sub(rf"\1{table}", content), encoding="utf-8")
    subprocess.run(["ruff", "format", MODULE], check=True)


def heads() -> dict[tuple[int, int, int], tuple[tuple[int, int], ...]]:
    """Return the (layer, head) pairs by (n_text_state, n_text_layer, n_vocab)."""
    found = {}
    for name, dims in OFFICIAL_DIMENSIONS.items():
        if name in _ALIGNMENT_HEADS and name != LEFT_OUT:
            mask = np.frombuffer(gzip.decompress(base64.b85decode(_ALIGNMENT_HEADS[name])), bool)
            pairs = np.argwhere(mask.reshape(dims.n_text_layer, dims.n_text_head)).tolist()
            shape = dims.n_text_state, dims.n_text_layer, dims.n_vocab
            found[shape] = tuple((layer, head) for layer, head in pairs)
    return found


if __name__ == "__main__":
    main()
