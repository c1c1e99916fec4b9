"""The operations of the Mojo kernels, where their sources lie, and what identifies them."""

import hashlib
from pathlib import Path

from sotto.kernels.log_mel.op import log_mel

__all__ = ["KERNELS_DIR", "kernels_hash", "log_mel"]

KERNELS_DIR = Path(__file__).parent
"""Mojo package to name in a graph's `custom_extensions`."""


def kernels_hash(folder: Path = KERNELS_DIR) -> str:
    """Return a digest of all sources, Mojo and Python, which changes whenever a kernel might."""
    digest = hashlib.sha256()
    for source in sorted([*folder.rglob("*.mojo"), *folder.rglob("*.py")]):
        name, text = source.relative_to(folder).as_posix().encode(), source.read_bytes()
        digest.update(b"%d %s %d\n" % (len(name), name, len(text)))
        digest.update(text)
    return digest.hexdigest()
