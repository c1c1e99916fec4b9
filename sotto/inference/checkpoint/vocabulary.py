"""Building the tokenizer from a checkpoint's own files, or from the bundled ones for a `.pt`."""

import base64
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import sotto.assets
from sotto.errors import CheckpointError
from sotto.inference.checkpoint.json_file import is_count, read_object
from sotto.inference.languages import LANGUAGES
from sotto.inference.tokenizer import (
    END_OF_TEXT,
    FIRST_TIMESTAMP,
    NO_SPEECH,
    NO_TIMESTAMPS,
    START_OF_LM,
    START_OF_PREV,
    START_OF_TRANSCRIPT,
    TRANSCRIBE,
    TRANSLATE,
    Tokenizer,
    timestamp_names,
)

# Names in the files of the first models, and what they became.
RENAMED = {"<|nocaptions|>": NO_SPEECH, "<|iw|>": "<|he|>"}
CONTROL_TOKENS = (TRANSLATE, TRANSCRIBE, START_OF_LM, START_OF_PREV, NO_SPEECH, NO_TIMESTAMPS)
SPECIAL_NAME = re.compile(r"<\|.*\|>")

FIRST_MULTILINGUAL_SIZE = 51865  # openai-whisper's `is_multilingual`
# openai-whisper's `num_languages`: what is left of the vocabulary without tokens and timestamps.
SIZE_WITHOUT_LANGUAGES = 51765
BUNDLED_SIZES = (51864, 51865, 51866)

N_BYTES = 256


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tokens as a checkpoint's files list them.

    Merges are not among them: byte pairs merge in the order of the ids of what they make, as in
    tiktoken. The files' own lists cannot be relied on; the hub's tokenizer.json of all
    multilingual models lacks the first merge.

    Attributes:
        path: The file to name where something is wrong.
        ids: Every token in GPT-2's printable form, and perhaps special ones.
        added: Special tokens, and what else was added to the vocabulary, as plain text.
    """

    path: Path
    ids: Mapping[str, int]
    added: Mapping[str, int]


def read_tokenizer(folder: Path, n_vocab: int, *, is_multilingual: bool) -> Tokenizer:
    """Return the tokenizer of a Hugging Face folder.

    Raises:
        CheckpointError: A file is missing or damaged, or does not fit a vocabulary of `n_vocab`.
    """
    if (folder / "tokenizer.json").exists():
        vocabulary = _read_single_file(folder / "tokenizer.json")
    else:
        vocabulary = _read_separate_files(folder)
    return build_tokenizer(vocabulary, n_vocab, is_multilingual=is_multilingual)


def build_tokenizer(vocabulary: Vocabulary, n_vocab: int, *, is_multilingual: bool) -> Tokenizer:
    """Return the tokenizer of the tokens that a file lists.

    Raises:
        CheckpointError: They are no byte-level vocabulary of Whisper, or do not fit a vocabulary
            of `n_vocab`.
    """
    specials = {name: i for name, i in vocabulary.ids.items() if SPECIAL_NAME.fullmatch(name)}
    specials |= vocabulary.added
    ranks = _ranks(vocabulary, specials)
    specials = _complete_specials(specials, vocabulary.path)
    _check_size(ranks, specials, n_vocab, vocabulary.path)
    if is_multilingual and not any(f"<|{code}|>" in specials for code in LANGUAGES):
        raise CheckpointError(f"{vocabulary.path}: a multilingual model without language tokens")
    return Tokenizer(ranks, specials, is_multilingual=is_multilingual)


def bundled_tokenizer(n_vocab: int, path: Path) -> Tokenizer:
    """Return the official tokenizer for a `.pt` read from `path`, as it has none in it.

    Raises:
        CheckpointError: No official vocabulary has `n_vocab` tokens.
    """
    if n_vocab not in BUNDLED_SIZES:
        raise CheckpointError(
            f"{path}: a vocabulary of {n_vocab} is none of openai-whisper's {BUNDLED_SIZES}; "
            "use the model's Hugging Face folder, which has its own"
        )
    is_multilingual = n_vocab >= FIRST_MULTILINGUAL_SIZE
    ranks = bundled_ranks("multilingual" if is_multilingual else "gpt2")
    n_languages = n_vocab - SIZE_WITHOUT_LANGUAGES - int(is_multilingual)
    names = (
        END_OF_TEXT,
        START_OF_TRANSCRIPT,
        *(f"<|{code}|>" for code in list(LANGUAGES)[:n_languages]),
        *CONTROL_TOKENS,
        *timestamp_names(),
    )
    specials = {name: len(ranks) + i for i, name in enumerate(names)}
    return Tokenizer(ranks, specials, is_multilingual=is_multilingual)


def bundled_ranks(name: str) -> dict[bytes, int]:
    """Return the byte strings of a bundled `.tiktoken` file and their ids."""
    path = Path(sotto.assets.__path__[0]) / "tokenizers" / f"{name}.tiktoken"
    lines = (line.split() for line in path.read_bytes().splitlines())
    return {base64.b64decode(token): int(rank) for token, rank in lines}


def _read_single_file(path: Path) -> Vocabulary:
    """Read a tokenizer.json (https://huggingface.co/docs/tokenizers)."""
    match read_object(path):
        case {"model": {"vocab": dict(ids)}, "added_tokens": list(added_tokens)}:
            pass
        case _:
            raise _damaged(path)
    added = {}
    for entry in added_tokens:
        match entry:
            case {"content": str(name), "id": token}:
                added[name] = token
            case _:
                raise _damaged(path)
    return Vocabulary(path, _ids(ids, path), _ids(added, path))


def _read_separate_files(folder: Path) -> Vocabulary:
    """Read vocab.json and what there is of files with added tokens."""
    path = folder / "vocab.json"
    if not path.exists():
        raise CheckpointError(
            f"{folder} has neither tokenizer.json nor vocab.json; fetch the model again"
        )
    return Vocabulary(path, _ids(read_object(path), path), _added_tokens(folder))


def _added_tokens(folder: Path) -> dict[str, int]:
    """Return the tokens of added_tokens.json and of tokenizer_config.json, either may be absent."""
    added: dict[str, object] = {}
    path = folder / "added_tokens.json"
    if path.exists():
        added |= read_object(path)
    path = folder / "tokenizer_config.json"
    if path.exists():
        match read_object(path):
            case {"added_tokens_decoder": dict(entries)}:
                added |= dict(_decoded_entry(key, entry, path) for key, entry in entries.items())
    return _ids(added, path)


def _decoded_entry(key: str, entry: object, path: Path) -> tuple[str, int]:
    match entry:
        case {"content": str(name)} if key.isascii() and key.isdecimal() and len(key) < 10:
            return name, int(key)
    raise _damaged(path)


def _ids(values: Mapping[str, object], path: Path) -> dict[str, int]:
    ids = {name: token for name, token in values.items() if is_count(token)}
    if len(ids) != len(values) or len(set(ids.values())) != len(ids):
        raise _damaged(path)
    return ids


def _damaged(path: Path) -> CheckpointError:
    return CheckpointError(f"{path} is damaged; fetch the model again")


def _byte_characters() -> dict[int, int]:
    """Return a translation from GPT-2's printable characters (`bytes_to_unicode`) to bytes.

    Bytes that print are themselves, the others follow from U+0100 in their order. All other
    characters of Latin-1 become one that is outside of it, so that encoding refuses them.
    """
    printing = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1)}
    printing |= set(range(ord("®"), ord("ÿ") + 1))
    others = [byte for byte in range(N_BYTES) if byte not in printing]
    return (
        dict.fromkeys(others, sys.maxunicode)
        | {byte: byte for byte in printing}
        | {N_BYTES + i: byte for i, byte in enumerate(others)}
    )


BYTE_CHARACTERS = _byte_characters()


def _ranks(vocabulary: Vocabulary, specials: Mapping[str, int]) -> dict[bytes, int]:
    """Return the ordinary tokens as bytes; their ids are their ranks."""
    try:
        ranks = {
            name.translate(BYTE_CHARACTERS).encode("latin-1"): token
            for name, token in vocabulary.ids.items()
            if name not in specials
        }
    except UnicodeEncodeError as error:
        raise CheckpointError(f"{vocabulary.path} is no byte-level vocabulary") from error
    absent = [byte for byte in range(N_BYTES) if bytes([byte]) not in ranks]
    if absent:
        raise CheckpointError(f"{vocabulary.path}: no token for byte {absent[0]}")
    return ranks


def _complete_specials(specials: Mapping[str, int], path: Path) -> dict[str, int]:
    """Return them under openai-whisper's names, with the timestamps that many files leave out."""
    named = {RENAMED.get(name, name): i for name, i in specials.items()}
    for name in (END_OF_TEXT, START_OF_TRANSCRIPT, *CONTROL_TOKENS):
        if name not in named:
            raise CheckpointError(f"{path}: special token {name} is missing; is it Whisper's?")
    first = named.get(FIRST_TIMESTAMP, named[NO_TIMESTAMPS] + 1)
    for i, name in enumerate(timestamp_names()):
        if named.setdefault(name, first + i) != first + i:
            raise CheckpointError(f"{path}: timestamp token {name} is not at {first + i}")
    return named


def _check_size(
    ranks: dict[bytes, int], specials: Mapping[str, int], n_vocab: int, path: Path
) -> None:
    """Check that each of the model's tokens has exactly one text.

    The last ordinary token of the multilingual vocabulary is empty, so that a writer of vocab.json
    may have left it out.
    """
    ids = [*ranks.values(), *specials.values()]
    last = specials[END_OF_TEXT] - 1
    if last not in ids:
        ranks[b""] = last
        ids.append(last)
    if len(ids) != n_vocab or set(ids) != set(range(n_vocab)):
        raise CheckpointError(
            f"{path} has {len(ids)} tokens, the model {n_vocab}; they do not belong together"
        )
