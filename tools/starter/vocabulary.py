"""Write the tokenizer's files: the first merges of GPT-2 and Whisper's special tokens.

    python -m tools.starter.vocabulary FOLDER

needs openai-whisper, in whose package GPT-2's merges lie, and transformers for tokenizer.json.
"""

import argparse
import base64
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import whisper
from transformers import WhisperTokenizerFast

from tools.starter.config import read_config
from tools.starter.tokenizer import (
    N_BYTES,
    N_STEPS,
    SECONDS_A_STEP,
    SPECIAL,
    spelling_of_bytes,
)

MAX_TEXT_TOKENS = 448


def write_vocabulary(folder: Path, n_merges: int) -> None:
    """Write vocab.json, merges.txt, added_tokens.json, tokenizer.json and the configurations."""
    ranks = _first_ranks(N_BYTES + n_merges)
    spelled = spelling_of_bytes()
    vocabulary = {_spell(token, spelled): rank for token, rank in ranks.items()}
    times = [f"<|{step * SECONDS_A_STEP:.2f}|>" for step in range(N_STEPS)]
    added = {token: len(ranks) + i for i, token in enumerate((*SPECIAL, *times))}
    merges = [
        " ".join(_spell(part, spelled) for part in _parts(token, ranks))
        for token in ranks
        if len(token) > 1
    ]
    _write(folder / "vocab.json", vocabulary)
    _write(folder / "added_tokens.json", added)
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n", "utf-8")
    _write(folder / "tokenizer_config.json", _configuration())
    _write(folder / "preprocessor_config.json", _preprocessor())
    fast = WhisperTokenizerFast.from_pretrained(folder)
    fast.backend_tokenizer.save(str(folder / "tokenizer.json"))


def _first_ranks(n_tokens: int) -> dict[bytes, int]:
    path = Path(whisper.__file__).parent / "assets" / "gpt2.tiktoken"
    pairs = (line.split() for line in path.read_bytes().splitlines())
    ranks = {base64.b64decode(token): int(rank) for token, rank in pairs}
    return {token: rank for token, rank in ranks.items() if rank < n_tokens}


def _parts(token: bytes, ranks: dict[bytes, int]) -> list[bytes]:
    """Return the two tokens that were merged into one."""
    parts = [bytes([byte]) for byte in token]
    while len(parts) > 2:
        joined = [ranks.get(left + right, ranks[token]) for left, right in pairwise(parts)]
        index = joined.index(min(joined))
        parts[index : index + 2] = [parts[index] + parts[index + 1]]
    return parts


def _spell(token: bytes, spelled: dict[int, str]) -> str:
    return "".join(spelled[byte] for byte in token)


def _configuration() -> dict[str, Any]:
    end = SPECIAL[0]
    return {
        "tokenizer_class": "WhisperTokenizer",
        "bos_token": end,
        "eos_token": end,
        "unk_token": end,
        "pad_token": end,
        "model_max_length": MAX_TEXT_TOKENS,
    }


def _preprocessor() -> dict[str, Any]:
    """Return Whisper's own front end; the filter bank is computed by who reads this."""
    return {
        "feature_extractor_type": "WhisperFeatureExtractor",
        "processor_class": "WhisperProcessor",
        "chunk_length": 30,
        "feature_size": 80,
        "hop_length": 160,
        "n_fft": 400,
        "n_samples": 480000,
        "nb_max_frames": 3000,
        "padding_side": "right",
        "padding_value": 0.0,
        "return_attention_mask": False,
        "sampling_rate": 16000,
    }


def _write(path: Path, table: dict[str, Any]) -> None:
    path.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    write_vocabulary(arguments.folder, read_config().model.n_merges)


if __name__ == "__main__":
    main()
