"""The model's tokenizer: the first merges of GPT-2, and Whisper's special tokens.

GPT-2's vocabulary (Radford et al., 2019) is MIT-licensed, and part of Whisper's.
"""

import json
from itertools import pairwise
from pathlib import Path

import regex

SPECIAL = (
    *("<|endoftext|>", "<|startoftranscript|>", "<|translate|>", "<|transcribe|>"),
    *("<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"),
)
SECONDS_A_STEP = 0.02
N_STEPS = 1501  # <|0.00|> to <|30.00|>
# GPT-2's pre-tokenizer (encoder.py).
PIECES = regex.compile(
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
)


class Tokenizer:
    """Byte-pair encoding with the files vocab.json and merges.txt of a folder."""

    def __init__(self, folder: Path) -> None:
        self._ids: dict[str, int] = json.loads((folder / "vocab.json").read_text("utf-8"))
        lines = (folder / "merges.txt").read_text("utf-8").splitlines()[1:]
        pairs = [tuple(line.split(" ")) for line in lines]
        self._ranks = {pair: rank for rank, pair in enumerate(pairs)}
        self._pieces: dict[str, list[int]] = {}
        first = len(self._ids)
        (
            self.eot,
            self.sot,
            _,
            _,
            _,
            self.prev,
            self.no_speech,
            self.no_timestamps,
        ) = range(first, first + len(SPECIAL))
        self.timestamp_begin = first + len(SPECIAL)
        self.vocab_size = self.timestamp_begin + N_STEPS

    def encode(self, text: str) -> list[int]:
        """Return the tokens of an ASCII text."""
        return [token for piece in PIECES.findall(text) for token in self._piece(piece)]

    def timestamp(self, seconds: float) -> int:
        """Return the token of a time, at most 30 s."""
        step = min(round(seconds / SECONDS_A_STEP), N_STEPS - 1)
        return self.timestamp_begin + step

    def _piece(self, piece: str) -> list[int]:
        if piece not in self._pieces:
            self._pieces[piece] = [self._ids[part] for part in self._merge(piece)]
        return self._pieces[piece]

    def _merge(self, piece: str) -> list[str]:
        parts = list(piece.replace(" ", "Ġ"))
        while len(parts) > 1:
            pairs = list(pairwise(parts))
            best = min(pairs, key=lambda pair: self._ranks.get(pair, len(self._ranks)))
            if best not in self._ranks:
                break
            index = pairs.index(best)
            parts[index : index + 2] = ["".join(best)]
        return parts
