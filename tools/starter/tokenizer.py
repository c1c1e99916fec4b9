"""The model's tokenizer: the first merges of GPT-2, and Whisper's special tokens."""

import json
from pathlib import Path

import tiktoken

N_BYTES = 256
SPECIAL = (
    *("<|endoftext|>", "<|startoftranscript|>", "<|translate|>", "<|transcribe|>"),
    *("<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"),
)
SECONDS_A_STEP = 0.02
N_STEPS = 1501  # <|0.00|> to <|30.00|>
# How GPT-2 cuts text before it merges bytes (its encoder.py).
PIECES = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


class Tokenizer:
    """What training needs of a folder's vocab.json."""

    def __init__(self, folder: Path) -> None:
        ids: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        bytes_of = {character: byte for byte, character in spelling_of_bytes().items()}
        ranks = {bytes(bytes_of[c] for c in token): token_id for token, token_id in ids.items()}
        self._encoding = tiktoken.Encoding(
            "starter", pat_str=PIECES, mergeable_ranks=ranks, special_tokens={}
        )
        special = {token: len(ids) + i for i, token in enumerate(SPECIAL)}
        self.eot = special["<|endoftext|>"]
        self.sot = special["<|startoftranscript|>"]
        self.start_of_lm = special["<|startoflm|>"]
        self.prev = special["<|startofprev|>"]
        self.no_speech = special["<|nospeech|>"]
        self.no_timestamps = special["<|notimestamps|>"]
        self.timestamp_begin = len(ids) + len(SPECIAL)
        self.vocab_size = self.timestamp_begin + N_STEPS

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        return self._encoding.encode_ordinary(text)

    def timestamp(self, seconds: float) -> int:
        """Return the token of a time, at most 30 s."""
        return self.timestamp_begin + min(round(seconds / SECONDS_A_STEP), N_STEPS - 1)


def spelling_of_bytes() -> dict[int, str]:
    """Return a printable character for each byte: `bytes_to_unicode` of GPT-2's encoder.py."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(N_BYTES) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {
        byte: chr(N_BYTES + i) for i, byte in enumerate(others)
    }
