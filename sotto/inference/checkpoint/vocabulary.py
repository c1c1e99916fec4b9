"""Building the tokenizer from a checkpoint's own files, or from the bundled ones for a `.pt`."""

import base64
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import sotto.assets
from sotto.errors import CheckpointError
from sotto.inference.checkpoint.formats.json_file import is_count, read_object
from sotto.inference.languages import LANGUAGES
from sotto.inference.tokenizer import (
    END_OF_TEXT,
    FIRST_TIMESTAMP,
    LAST_TIMESTAMP,
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

ENGLISH_END_OF_TEXT = 50256  # in the vocabulary of GPT-2; the multilingual one has one more
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
        ids: Tokens up to end-of-text in GPT-2's printable form, and perhaps others, whose names
            are plain text.
        added: More tokens, as plain text; may repeat some of `ids`.
    """

    path: Path
    ids: Mapping[str, int]
    added: Mapping[str, int]


def read_tokenizer(folder: Path, n_vocab: int, *, is_multilingual: bool | None) -> Tokenizer:
    """Return the tokenizer of a Hugging Face folder.

    Folders that a training wrote often hold none; then the official one is meant.

    Args:
        folder: Holds tokenizer.json, or vocab.json and perhaps more, or neither.
        n_vocab: Rows of the model's token embedding.
        is_multilingual: None where the files do not say; see `build_tokenizer`.

    Raises:
        CheckpointError: A file is damaged, or does not fit a vocabulary of `n_vocab`.
    """
    if (folder / "tokenizer.json").exists():
        vocabulary = _read_single_file(folder / "tokenizer.json")
    elif (folder / "vocab.json").exists():
        vocabulary = _read_separate_files(folder)
    elif n_vocab in BUNDLED_SIZES:
        return bundled_tokenizer(n_vocab, folder)
    else:
        raise CheckpointError(
            f"{folder} has neither tokenizer.json nor vocab.json; fetch the model again"
        )
    return build_tokenizer(vocabulary, n_vocab, is_multilingual=is_multilingual)


def build_tokenizer(
    vocabulary: Vocabulary, n_vocab: int, *, is_multilingual: bool | None
) -> Tokenizer:
    """Return the tokenizer of the tokens that a file lists.

    Args:
        vocabulary: May list more tokens than the model has, and fewer if the model's embedding
            is padded behind the timestamps, as trainings on GPUs do.
        n_vocab: Rows of the model's token embedding.
        is_multilingual: Whether prompts name a language and a task. None: as the vocabulary is.

    Raises:
        CheckpointError: They are no byte-level vocabulary of Whisper, or do not fit a vocabulary
            of `n_vocab`.
    """
    path = vocabulary.path
    names = _names(vocabulary, n_vocab)
    ids = {name: token for token, name in names.items()}
    _check_controls(ids, path)
    n_text = ids[END_OF_TEXT]
    if is_multilingual is None:
        is_multilingual = n_text > ENGLISH_END_OF_TEXT
    if is_multilingual and not any(f"<|{code}|>" in ids for code in LANGUAGES):
        raise CheckpointError(f"{path}: a multilingual model without language tokens")
    ranks = _ranks({name: token for name, token in ids.items() if token < n_text}, n_text, path)
    named = {name: token for name, token in ids.items() if token >= n_text}
    timestamps = _timestamps(names, ids, n_vocab, path)
    specials = named | timestamps | _unused(ranks, named | timestamps, n_vocab, path)
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
    content = read_object(path)
    match content:
        case {"model": {"vocab": dict(ids)}}:
            pass
        case _:
            raise _damaged(path)
    entries = content.get("added_tokens") or []
    added = {}
    for entry in entries if isinstance(entries, list) else [entries]:
        match entry:
            case {"content": str(name), "id": token}:
                added[name] = token
            case _:
                raise _damaged(path)
    return Vocabulary(path, _ids(ids, path), _ids(added, path))


def _read_separate_files(folder: Path) -> Vocabulary:
    """Read vocab.json and what there is of files with added tokens."""
    path = folder / "vocab.json"
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
    if len(ids) != len(values):
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


def _names(vocabulary: Vocabulary, n_vocab: int) -> dict[int, str]:
    """Return the name that each of the model's tokens has today.

    The files of one model may mix names of different times, and name a token twice.
    """
    names: dict[int, str] = {}
    ids: dict[str, int] = {}
    for name, token in (*vocabulary.ids.items(), *vocabulary.added.items()):
        current = RENAMED.get(name, name)
        if token >= n_vocab:
            continue
        if names.setdefault(token, current) != current or ids.setdefault(current, token) != token:
            raise CheckpointError(
                f"{vocabulary.path} is damaged: {name!r} is not the only token {token}, or is "
                "another too; fetch the model again"
            )
    return names


def _check_controls(ids: Mapping[str, int], path: Path) -> None:
    for name in (END_OF_TEXT, START_OF_TRANSCRIPT, *CONTROL_TOKENS):
        if ids.get(name, -1) < ids.get(END_OF_TEXT, 0):
            raise CheckpointError(f"{path}: special token {name} is missing; is it Whisper's?")


def _ranks(ids: Mapping[str, int], n_text: int, path: Path) -> dict[bytes, int]:
    """Return the ordinary tokens as bytes; their ids are their ranks.

    The last one of the multilingual vocabulary is empty, so that some writers leave it out.
    """
    try:
        ranks = {
            name.translate(BYTE_CHARACTERS).encode("latin-1"): token for name, token in ids.items()
        }
    except UnicodeEncodeError as error:
        raise CheckpointError(f"{path} is no byte-level vocabulary") from error
    absent = [byte for byte in range(N_BYTES) if bytes([byte]) not in ranks]
    if absent:
        raise CheckpointError(f"{path}: no token for byte {absent[0]}")
    if n_text - 1 not in ids.values():
        ranks.setdefault(b"", n_text - 1)
    return ranks


def _timestamps(
    names: Mapping[int, str], ids: Mapping[str, int], n_vocab: int, path: Path
) -> dict[str, int]:
    """Return the timestamps, which many files leave out: they follow `<|notimestamps|>`."""
    first = max(ids.get(FIRST_TIMESTAMP, 0), ids[NO_TIMESTAMPS] + 1)
    timestamps = {name: first + i for i, name in enumerate(timestamp_names())}
    end = first + len(timestamps)
    if end > n_vocab:
        raise CheckpointError(
            f"{path} has {end} tokens, the model {n_vocab}; they do not belong together"
        )
    for name, token in timestamps.items():
        if names.get(token, name) != name or ids.get(name, token) != token:
            raise CheckpointError(f"{path}: timestamp token {name} is not at {token}")
    return timestamps


def _unused(
    ranks: Mapping[bytes, int], specials: Mapping[str, int], n_vocab: int, path: Path
) -> dict[str, int]:
    """Return names for the rows that pad an embedding; they are behind all tokens.

    An embedding of an official size is not padded: its vocabulary is another one.
    """
    n_tokens = len(ranks) + len(specials)
    rows = sorted({*range(n_vocab)} - {*ranks.values(), *specials.values()})
    if rows and (n_vocab in BUNDLED_SIZES or rows[0] < specials[LAST_TIMESTAMP]):
        raise CheckpointError(
            f"{path} has {n_tokens} tokens, the model {n_vocab}; they do not belong together"
        )
    return {f"<|unused {row}|>": row for row in rows}
