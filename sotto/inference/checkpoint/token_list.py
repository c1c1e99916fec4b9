"""Building the tokenizer from a plain list of all tokens, which older CTranslate2 folders have."""

import json
from collections.abc import Sequence
from pathlib import Path

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.json_file import read_bytes
from sotto.inference.checkpoint.vocabulary import BYTE_CHARACTERS, CONTROL_TOKENS, OLD_NO_SPEECH
from sotto.inference.tokenizer import (
    END_OF_TEXT,
    FIRST_TIMESTAMP,
    N_TIMESTAMPS,
    NO_SPEECH,
    START_OF_TRANSCRIPT,
    Tokenizer,
    timestamp_names,
)

N_BYTES = 256


def read_token_list(path: Path, n_vocab: int, *, is_multilingual: bool) -> Tokenizer:
    """Return the tokenizer in a vocabulary.json or vocabulary.txt; a token's place is its id.

    Ordinary tokens come first and are in GPT-2's printable form, then special ones from
    `<|endoftext|>` on.

    Raises:
        CheckpointError: The file is damaged, no Whisper model's, or not of `n_vocab` tokens.
    """
    tokens = _tokens(path)
    if len(tokens) != n_vocab or len(set(tokens)) != n_vocab:
        raise CheckpointError(
            f"{path} has {len(set(tokens))} tokens, the model {n_vocab}; they do not belong "
            "together"
        )
    named = [NO_SPEECH if token == OLD_NO_SPEECH else token for token in tokens]
    for name in (END_OF_TEXT, START_OF_TRANSCRIPT, *CONTROL_TOKENS, FIRST_TIMESTAMP):
        if name not in named:
            raise CheckpointError(f"{path}: special token {name} is missing; is it Whisper's?")
    first = named.index(FIRST_TIMESTAMP)
    if named[first : first + N_TIMESTAMPS] != timestamp_names():
        raise CheckpointError(f"{path}: its timestamp tokens are not in order")
    end = named.index(END_OF_TEXT)
    specials = {name: end + i for i, name in enumerate(named[end:])}
    return Tokenizer(_ranks(tokens[:end], path), specials, is_multilingual=is_multilingual)


def _tokens(path: Path) -> list[str]:
    try:
        text = read_bytes(path).decode()
        tokens = json.loads(text) if path.suffix == ".json" else text.removesuffix("\n").split("\n")
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
        raise _damaged(path)
    return tokens


def _ranks(tokens: Sequence[str], path: Path) -> dict[bytes, int]:
    """Return the ordinary tokens as bytes with their ids."""
    try:
        ranks = {t.translate(BYTE_CHARACTERS).encode("latin-1"): i for i, t in enumerate(tokens)}
    except UnicodeEncodeError as error:
        raise CheckpointError(f"{path} is no byte-level vocabulary") from error
    if not all(bytes([byte]) in ranks for byte in range(N_BYTES)):
        raise _damaged(path)
    return ranks


def _damaged(path: Path) -> CheckpointError:
    return CheckpointError(f"{path} is damaged; fetch the model again")
