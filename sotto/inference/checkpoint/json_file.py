"""JSON files of a checkpoint, with errors that name the file."""

import json
from pathlib import Path
from typing import TypeGuard

from sotto.errors import CheckpointError


def read_object(path: Path) -> dict[str, object]:
    """Return the JSON object in a file.

    Raises:
        CheckpointError: The file is missing or damaged.
    """
    return parse_object(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        CheckpointError: The file is missing or cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CheckpointError(f"{path} is missing; fetch the model again") from error
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}") from error


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
