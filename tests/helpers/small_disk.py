"""A disk that is soon full."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def small(place: Path, size: str = "64k") -> Iterator[None]:
    """Have a real disk of this size in a folder; where that cannot be, the test is skipped."""
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(mounting, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("only root mounts a disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
