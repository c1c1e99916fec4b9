"""JSON files of a checkpoint, with errors that name the file."""

import json
from pathlib import Path
from typing import TypeGuard

from sotto.errors import CheckpointError
from sotto.regular_file import read_regular

# How a file begins that git left in place of a large one, when Git LFS is not installed.
GIT_POINTER = b"version https://git-lfs"


def read_object(path: Path) -> dict[str, object]:
    """Return the JSON object in a file.

    Raises:
        CheckpointError: The file is missing or damaged.
    """
    return parse_object(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        CheckpointError: The file is missing, only a pointer of git, or cannot be read.
    """
    try:
        content = read_regular(path)
    except FileNotFoundError as error:
        raise CheckpointError(f"{path} is missing; fetch the model again") from error
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}") from error
    check_pointer(content, path)
    return content


def check_pointer(content: bytes, path: Path) -> None:
    """Check that a file is there itself.

    Raises:
        CheckpointError: It is what git leaves in its place without Git LFS.
    """
    if content.startswith(GIT_POINTER):
        raise CheckpointError(
            f"{path} is only a pointer to the file; install Git LFS and run git lfs pull"
        )


def parse_object(content: bytes, path: Path) -> dict[str, object]:
    """Return the JSON object in `content`, which came from `path`.

    Raises:
        CheckpointError: It is not JSON, or not an object.
    """
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is damaged (not JSON); fetch the model again") from error
    if not isinstance(value, dict):
        raise CheckpointError(f"{path} is damaged (no JSON object); fetch the model again")
    return value


def is_count(value: object) -> TypeGuard[int]:
    """Tell whether a JSON value is an integer from 0 up that an index can hold."""
    return type(value) is int and 0 <= value < 2**63


def is_counts(value: object) -> TypeGuard[list[int]]:
    """Tell whether a JSON value is a list of counts."""
    return isinstance(value, list) and all(is_count(item) for item in value)
