"""The compiler as a process: `-m sotto.inference.caches.compile_graphs FOLDER SCRATCH RECIPE`."""

import hashlib
import importlib
import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock
from max.driver import CPU
from max.engine import InferenceSession

from sotto.inference.caches.cache import replacing
from sotto.inference.caches.compiled import Recipe, read_checked
from sotto.kernels.library import kernel_library
from sotto.private_folder import PRIVATE_FILE, UntrustedError


def compile_to(folder: Path, scratch: Path, recipe: Recipe) -> None:
    """Compile the recipe into `folder`, unless another process has done so meanwhile.

    Where the disk has become full or the folder is gone by then, they go to `scratch`.
    """
    path = recipe.path(folder)
    with FileLock(path.with_suffix(".lock"), mode=PRIVATE_FILE):
        with suppress(UntrustedError):  # of another user: it is replaced
            if read_checked(path) is not None:
                return
        started = time.monotonic()
        mef = compile_graphs(recipe)
        try:
            _write(path, mef)
        except OSError:
            _write(recipe.path(scratch), mef)
            return
        with suppress(OSError), replacing(recipe.timing_path(folder)) as file:
            file.write(b"%.1f\n" % (time.monotonic() - started))


def _write(path: Path, mef: bytes) -> None:
    with replacing(path) as file:
        file.write(hashlib.sha256(mef).digest() + mef)


def compile_graphs(recipe: Recipe) -> bytes:
    """Build and compile, and return MAX's executable format."""
    module, _, function = recipe.builder.partition(":")
    graphs = getattr(importlib.import_module(module), function)(*recipe.arguments)
    session = InferenceSession(devices=[CPU()])
    compiled = session.compile(graphs, custom_extensions=kernel_library().library_paths())
    with TemporaryDirectory(prefix="sotto-graphs-") as scratch:
        path = Path(scratch) / "graphs.mef"
        compiled.export_mef(path)
        return path.read_bytes()


def main() -> None:
    """Compile what the command line says.

    What MAX keeps for itself, a hundred megabytes of intermediate results in its cache and the
    parsed kernels in the temporary folder, goes when this process ends; and no other process
    changes it meanwhile. It lies in `scratch`, which whoever started this removes, also where this
    process is killed.
    """
    folder, scratch, recipe = sys.argv[1:]
    with TemporaryDirectory(prefix="sotto-compiler-", dir=scratch) as own:
        os.environ["MODULAR_CACHE_DIR"] = own
        tempfile.tempdir = own
        compile_to(Path(folder), Path(scratch), Recipe.from_json(recipe))


if __name__ == "__main__":
    main()
