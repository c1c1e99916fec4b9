"""Which files of a repository of the hub Sotto needs, and which names it may have."""

import re
from collections.abc import Set

from sotto.errors import DownloadError

CONFIGURATION = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "vocab.json",
    "added_tokens.json",
    "tokenizer_config.json",
)
WEIGHTS = "model.safetensors"
WEIGHTS_INDEX = "model.safetensors.index.json"
OLD_WEIGHTS = "pytorch_model.bin"  # from before 2023; no code in it is run
CTRANSLATE2_WEIGHTS = "model.bin"
CTRANSLATE2_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
_SHARD = re.compile(r"model-[^/]*\.safetensors")


def wanted(repo: str, present: Set[str]) -> list[str]:
    """Return the files that Sotto needs of a repository that holds the files `present`.

    That is transformers' layout, else CTranslate2's, else transformers' old one, else the one ggml
    or `.pt` file.

    Raises:
        DownloadError: There is no model of a layout that Sotto reads, or there are several.
    """
    configuration = [name for name in CONFIGURATION if name in present]
    shards = sorted(name for name in present if _SHARD.fullmatch(name))
    if CONFIGURATION[0] in present:
        if WEIGHTS in present:
            return [*configuration, WEIGHTS]
        if WEIGHTS_INDEX in present and shards:
            return [*configuration, WEIGHTS_INDEX, *shards]
        if CTRANSLATE2_WEIGHTS in present:
            vocabulary = [name for name in CTRANSLATE2_VOCABULARIES if name in present]
            return [*configuration, *vocabulary, CTRANSLATE2_WEIGHTS]
        if OLD_WEIGHTS in present:
            return [*configuration, OLD_WEIGHTS]
    return [_single_file(repo, present)]


def _single_file(repo: str, present: Set[str]) -> str:
    files = sorted(name for name in present if is_single_file(name) and is_safe_name(name))
    if len(files) > 1:
        raise DownloadError(
            f"{repo} holds several models; name one of them, such as {repo}/{files[0]}"
        )
    if not files:
        raise DownloadError(
            f"{repo} has no weights that Sotto reads (safetensors, CTranslate2, ggml or .pt); "
            "choose another model"
        )
    return files[0]


def is_single_file(name: str) -> bool:
    """Tell whether a file of that name is a whole model: ggml's or openai-whisper's."""
    return name.endswith(".pt") or (name.startswith("ggml") and name.endswith(".bin"))


def is_safe_name(name: str) -> bool:
    """Tell whether a file of that name lies in its repository's folder, whoever gave the name."""
    parts = name.split("/")
    is_plain = all(part and part not in {".", ".."} for part in parts)
    return is_plain and "\\" not in name and name.isprintable() and ":" not in name
