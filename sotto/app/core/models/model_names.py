"""Models' names: what people type, what repositories and files are called, and what they mean."""

import re
from dataclasses import dataclass

STARTER = "starter-en"
BASIC = "basic"
"""What the model in the box is called where people see it; both names are understood."""

SIZES = (
    "tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "medium.en",
    "large-v1", "large-v2", "large-v3", "large-v3-turbo",
    "distil-small.en", "distil-medium.en", "distil-large-v2", "distil-large-v3",
    "distil-large-v3.5",
)  # fmt: skip
_ALIASES = {"large": "large-v3", "turbo": "large-v3-turbo"}  # openai-whisper's

# Who publishes the official weights under the official names; others' repositories may hold
# weights of their own under such a name.
_OFFICIAL_OWNERS = frozenset(
    {"openai", "systran", "guillaumekln", "distil-whisper", "mobiuslabsgmbh", "deepdml"}
)
_FIRST_LARGE = "openai/whisper-large"  # of 2022, before there were versions

_NAME = re.compile(
    r"(?:ggml-)?(?:model-)?(?:faster-)?(?P<distil>distil-)?(?:whisper-)?"
    r"(?P<size>(?:distil-)?(?:tiny|base|small|medium|large|turbo)[a-z0-9.-]*?)"
    r"(?:-(?P<precision>q\d_\w+|int8\w*|float16|float32|bfloat16))?(?:-(?:ct2|ggml))?(?:\.(?:bin|pt))?"
)
# As `huggingface_hub.utils.validate_repo_id` has it.
_HUB_ID = re.compile(r"[A-Za-z0-9_][\w.-]{0,95}/\w(?:[\w.-]{0,94}\w)?", re.ASCII)
_FLOATS = frozenset({"float16", "float32", "bfloat16"})


@dataclass(frozen=True, slots=True)
class ModelName:
    """A size of Whisper, and how its weights were rounded; None: to floats, as published."""

    size: str
    precision: str | None = None

    def __str__(self) -> str:
        """Return it as whisper.cpp writes it: `base.en-q5_1`."""
        return f"{self.size}-{self.precision}" if self.precision else self.size


def parse(text: str) -> ModelName | None:
    """Return what a name means that somebody typed or gave to a file; None if it is no such name.

    Understood are `base.en`, `base.en-q5_1`, `turbo`, `whisper-small`, `ggml-base.en.bin`,
    `faster-whisper-base`, `faster-distil-whisper-large-v3` and official hub ids of such names.
    """
    owner, _, name = text.rpartition("/")
    if owner and owner.lower() not in _OFFICIAL_OWNERS:
        return None
    if text.lower() == _FIRST_LARGE:
        return ModelName("large-v1")
    match = _NAME.fullmatch(name.lower())
    if match is None:
        return None
    size = (match["distil"] or "") + match["size"]
    size = _ALIASES.get(size, size)
    precision = None if match["precision"] in _FLOATS else match["precision"]
    return ModelName(size, precision) if size in SIZES else None


def is_hub_id(text: str) -> bool:
    """Tell whether a text is `owner/repository` by the hub's rules, and no path of a folder."""
    return _HUB_ID.fullmatch(text) is not None and "--" not in text and ".." not in text
