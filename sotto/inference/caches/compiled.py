"""Compiled graphs, kept on disk: compiled once for a machine and a shape, then read in no time.

A file holds a SHA-256 digest and MAX's executable format (MEF), without weights. MAX executes
what it is given, so a file whose digest does not match never reaches it, nor one that another user
can have written; it is compiled again. What cannot be kept is used from memory.
"""

import errno
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Self

import max.engine

from sotto.errors import CompileError
from sotto.inference.caches import cache
from sotto.kernels.ops import kernels_hash
from sotto.kernels.processor import cpu_flags
from sotto.private_folder import UntrustedError, make_private_folder, open_trusted

ProgressCallback = Callable[[str, float, float], None]
"""Called with what is done, the seconds it has taken and the seconds it is expected to take."""

COMPILER = "sotto.inference.caches.compile_graphs"
WHAT = "Compiling the model for this processor"
KEPT = "the model compiled for this processor"
EXPECTED_S = 45.0  # of a first compilation, on one core of 2023
POLL_S = 0.2  # between two calls of a progress callback
DIGEST_BYTES = 32
INFERENCE_DIR = Path(__file__).parents[1]
ROOM = 4 << 20  # bytes; compiled graphs of Whisper have half a megabyte


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to compile: a function `module:name`, called with `arguments`, builds the graphs."""

    name: str
    builder: str
    arguments: tuple[int, ...]
    precision: str = "float32"

    def to_json(self) -> str:
        """Return all of it as text, for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what `to_json` was made of."""
        fields = json.loads(text)
        return cls(**fields | {"arguments": tuple(fields["arguments"])})

    def digest(self) -> str:
        """Return what changes whenever the compiled graphs might."""
        machine = f"{max.engine.__version__} {platform.machine()} {cpu_features()}"
        parts = [self.to_json(), machine, kernels_hash(), sources_hash()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def path(self, folder: Path) -> Path:
        """Return where its compiled graphs lie in `folder`."""
        return folder / f"{self.name}-{self.digest()[:16]}.graphs"

    def timing_path(self, folder: Path) -> Path:
        """Return where the duration of its last compilation lies in `folder`."""
        return folder / f"{self.name}.seconds"


def cpu_features() -> str:
    """Return the instruction sets of this CPU, which compiled code may use without asking."""
    return " ".join(sorted(cpu_flags())) or platform.processor()


def sources_hash() -> str:
    """Return a digest of the Python sources that take part in building graphs."""
    digest = hashlib.sha256()
    for source in [INFERENCE_DIR / "features.py", *sorted(INFERENCE_DIR.glob("graphs/*.py"))]:
        digest.update(source.read_bytes())
    return digest.hexdigest()


def cache_dir() -> Path:
    """Return the folder of compiled graphs."""
    return cache.cache_dir("graphs")


def load(recipe: Recipe, progress: ProgressCallback | None = None) -> max.engine.CompiledModel:
    """Return compiled graphs, from disk if they are there and intact.

    Args:
        recipe: What to compile.
        progress: Called a few times a second, in this thread, while the compiler runs.

    Raises:
        CompileError: The compiler failed.
    """
    folder = cache_dir()
    path = recipe.path(folder)
    report = progress or (lambda *_: None)
    try:
        content = read_checked(path)
    except UntrustedError as error:
        content = None
        report(_untrusted(error), 0.0, 0.0)
    if content is None:
        content = _compile(recipe, folder, report)
    with suppress(OSError):  # an older Sotto let others look
        make_private_folder(folder)
    cache.mark_used(path)
    return max.engine.read(BytesIO(content))


def read_checked(path: Path) -> bytes | None:
    """Return the content after the digest, or None if the file is missing or damaged.

    Raises:
        UntrustedError: Others than the user can have written it.
    """
    try:
        with open_trusted(path) as file:
            content = file.read()
    except UntrustedError:
        raise
    except OSError:
        return None
    mef = content[DIGEST_BYTES:]
    return mef if hashlib.sha256(mef).digest() == content[:DIGEST_BYTES] else None


def _untrusted(error: OSError) -> str:
    why = (error.strerror or str(error)).lower()
    return f"{error.filename} is not used ({why}); the model is compiled again"


def _compile(recipe: Recipe, folder: Path, progress: ProgressCallback) -> bytes:
    expected_s = _expected_s(recipe, folder)
    with TemporaryDirectory(prefix="sotto-graphs-") as scratch:
        try:
            cache.check_room(folder, ROOM)
        except OSError as error:
            progress(cache.not_kept(KEPT, folder, error), 0.0, 0.0)
            folder = Path(scratch)
        _run_compiler(
            recipe, folder, Path(scratch), lambda elapsed_s: progress(WHAT, elapsed_s, expected_s)
        )
        return _compiled(recipe, folder, Path(scratch), progress)


def _compiled(recipe: Recipe, folder: Path, scratch: Path, progress: ProgressCallback) -> bytes:
    """Return what the compiler made, from the folder or from where it went when that was full."""
    for place in (scratch, folder):
        with suppress(UntrustedError):
            mef = read_checked(recipe.path(place))
            if mef is None:
                continue
            if place != folder:
                full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                progress(cache.not_kept(KEPT, folder, full), 0.0, 0.0)
            return mef
    raise CompileError(
        f"no compiled graphs in {folder}: the disk is full or Sotto is being updated; retry."
    )


def _expected_s(recipe: Recipe, folder: Path) -> float:
    try:
        return float(recipe.timing_path(folder).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return EXPECTED_S


def _run_compiler(
    recipe: Recipe, folder: Path, scratch: Path, progress: Callable[[float], None]
) -> None:
    """Compile in a process of its own: it takes a gigabyte of memory, and can be interrupted.

    The graphs go to `scratch` if `folder` no longer takes them.

    An exception of `progress`, or Ctrl-C, ends it.
    """
    started = time.monotonic()
    command = [sys.executable, "-P", "-m", COMPILER, str(folder), str(scratch), recipe.to_json()]
    with (
        TemporaryFile() as messages,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=messages, stderr=messages
        ) as process,
    ):
        try:
            while process.poll() is None:
                progress(time.monotonic() - started)
                time.sleep(POLL_S)
        finally:
            process.kill()
        if process.returncode:
            messages.seek(0)
            raise CompileError(_failure(recipe, process.returncode, messages.read()))


def _failure(recipe: Recipe, code: int, output: bytes) -> str:
    lines = output.decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "no message")
    return f"the graph compiler failed for {recipe.name} (exit status {code}): {last}"
