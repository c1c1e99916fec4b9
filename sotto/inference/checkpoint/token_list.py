"""Building the tokenizer from a plain list of all tokens, which older CTranslate2 folders have."""

import json
from pathlib import Path

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.formats.json_file import read_bytes
from sotto.inference.checkpoint.vocabulary import Vocabulary, build_tokenizer
from sotto.inference.tokenizer import Tokenizer


def read_token_list(path: Path, n_vocab: int, *, is_multilingual: bool) -> Tokenizer:
    """Return the tokenizer in a vocabulary.json or vocabulary.txt; a token's place is its id.

    Raises:
        CheckpointError: The file is damaged, no Whisper model's, or does not fit `n_vocab`.
    """
    ids = {name: token for token, name in enumerate(_tokens(path))}
    if len(ids) != n_vocab or max(ids.values()) >= n_vocab:  # CTranslate2 demands so, too
        raise CheckpointError(
            f"{path} has {len(ids)} tokens, the model {n_vocab}; they do not belong together"
        )
    return build_tokenizer(Vocabulary(path, ids, {}), n_vocab, is_multilingual=is_multilingual)


def _tokens(path: Path) -> list[str]:
    try:
        text = read_bytes(path).decode()
        tokens = json.loads(text) if path.suffix == ".json" else text.removesuffix("\n").split("\n")
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
        raise _damaged(path)
    return tokens


def _damaged(path: Path) -> CheckpointError:
    return CheckpointError(f"{path} is damaged; fetch the model again")
