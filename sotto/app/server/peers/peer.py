"""A program beside Sotto: whether it is there, and what it makes of a recording."""

import asyncio
import json
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sotto.app.core.printable import printable
from sotto.audio.input.source import Pcm
from sotto.errors import InternalError, UsageError
from sotto.inference.compute_type import ComputeType

FASTER_WHISPER, OPENAI_WHISPER = "faster-whisper", "openai-whisper"
_MODULES = {FASTER_WHISPER: "faster_whisper", OPENAI_WHISPER: "whisper"}
_FINDS_WITHIN_S = 60.0
MOST_OF_A_REASON = 300  # characters
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Peer:
    """A program, the Python that has it, and the model in a form that it reads."""

    name: str
    python: str
    model: Path

    async def transcribe(
        self, pcm: Pcm, compute_type: ComputeType, language: str
    ) -> dict[str, Any]:
        """Return `segments`, with start, end and text, and the `seconds` that they took.

        The program is ended when this is cancelled.

        Raises:
            InternalError: The program failed.
        """
        program = _HERE / f"with_{self.name.replace('-', '_')}.py"
        process = await asyncio.create_subprocess_exec(
            *(self.python, "-P", str(program), str(self.model), compute_type.value, language),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_environment(),
        )
        try:
            told, complaints = await process.communicate(pcm.tobytes())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise InternalError(
                f"{self.name} failed ({_reason(complaints)}); try it alone, in its own environment"
            )
        made: dict[str, Any] = json.loads(told)
        return made


def peers(pythons: Iterable[str], model: Path) -> tuple[Peer, ...]:
    """Return the programs that these Pythons have and that can read the model.

    Raises:
        UsageError: One of them is no Python.
    """
    found: dict[str, Peer] = {}
    for python in pythons:
        for name in _installed(python):
            path = _readable(name, model)
            if path is not None:
                found.setdefault(name, Peer(name, python, path))
    return tuple(found.values())


def _installed(python: str) -> list[str]:
    """Return the programs that are installed there."""
    code = (
        "import importlib.util, json, sys; "
        "print(json.dumps([bool(importlib.util.find_spec(name)) for name in sys.argv[1:]]))"
    )
    try:
        told = subprocess.run(
            [python, "-P", "-c", code, *_MODULES.values()],
            capture_output=True,
            env=_environment(),
            timeout=_FINDS_WITHIN_S,
            check=True,
        )
        there = json.loads(told.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise UsageError(f"--compare-with takes the path of a Python, not {python}") from error
    return [name for name, is_there in zip(_MODULES, there, strict=True) if is_there]


def _readable(name: str, model: Path) -> Path | None:
    """Return the model as a program reads it; nothing is fetched for it."""
    if name == FASTER_WHISPER:
        return model if (model / "model.bin").is_file() else None
    if model.suffix == ".pt":
        return model
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cached = caches / "whisper" / f"{model.name}.pt"  # its own
    return cached if cached.is_file() else None


def _reason(complaints: bytes) -> str:
    """Return the last line of what a program says is wrong: that of its error."""
    lines = complaints.decode(errors="replace").strip().splitlines()
    return printable(lines[-1].rstrip("."))[:MOST_OF_A_REASON] if lines else "without a word"


def _environment() -> dict[str, str]:
    """Let it find its own modules, and none of Sotto's."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
