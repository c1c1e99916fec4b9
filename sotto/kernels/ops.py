"""The operations of the Mojo kernels, where their sources lie, and what identifies them."""

import hashlib
from pathlib import Path

from sotto.kernels.log_mel.op import log_mel

__all__ = ["KERNELS_DIR", "kernels_hash", "log_mel"]

KERNELS_DIR = Path(__file__).parent
"""Mojo package to name in a graph's `custom_extensions`."""


def kernels_hash() -> str:
    """Return a digest of all Mojo sources, which changes whenever a kernel does."""
    digest = hashlib.sha256()
    for source in sorted(KERNELS_DIR.rglob("*.mojo")):
        name, text = source.relative_to(KERNELS_DIR).as_posix().encode(), source.read_bytes()
        digest.update(b"%d %s %d\n" % (len(name), name, len(text)))
        digest.update(text)
    return digest.hexdigest()
