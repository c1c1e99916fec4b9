"""The programs that can be compared, and which of them are installed where."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.peers import checkpoints
from tools.peers.checkpoints import RandomModel

# Prints the version of a distribution if its module can be imported.
PROBE = """
import importlib.metadata, importlib.util, sys
if importlib.util.find_spec(sys.argv[1]) is None:
    sys.exit(1)
print(importlib.metadata.version(sys.argv[2]))
"""

SOTTO = "sotto"
FASTER_WHISPER = "faster-whisper"
TRANSCRIPTION, BATCHED, STREAMING = "transcription", "batched_transcription", "session"
GREEDY = "greedy_transcription"
WAYS = {
    TRANSCRIPTION: "",
    BATCHED: ", batched",
    GREEDY: ", batched, one beam",
    STREAMING: ", streaming",
}
"""Methods of an engine that transcribe, and how a column's name tells them apart."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A column of the table: a program at one precision.

    Attributes:
        program: which one.
        compute_type: of its matrices.
        is_front_end: it has no model, only a log-mel spectrogram.
        what: the method of `tools.peers.engine.Engine` that transcribes.
    """

    program: str
    compute_type: str
    is_front_end: bool = False
    what: str = TRANSCRIPTION

    @property
    def name(self) -> str:
        """What the column is called."""
        if self.is_front_end:
            return self.program
        return f"{self.program} {self.compute_type}{WAYS[self.what]}"


VARIANTS = (
    Variant(SOTTO, "int8"),
    Variant(SOTTO, "float32"),
    Variant("openai-whisper", "float32"),
    Variant(FASTER_WHISPER, "int8"),
    Variant(FASTER_WHISPER, "float32"),
    Variant("whisper.cpp", "q8_0"),
    Variant("librosa", "float32", is_front_end=True),
)

TRANSCRIBERS = (
    *(variant for variant in VARIANTS if not variant.is_front_end),
    *(
        Variant(program, compute_type, what=BATCHED)
        for program in (SOTTO, FASTER_WHISPER)
        for compute_type in ("int8", "float32")
    ),
    Variant(SOTTO, "int8", what=GREEDY),
    *(Variant(SOTTO, compute_type, what=STREAMING) for compute_type in ("int8", "float32")),
)
"""What can transcribe a sound of any length, with real weights."""

# Module and distribution of each program.
PACKAGES = {
    SOTTO: ("sotto", "sotto"),
    "openai-whisper": ("whisper", "openai-whisper"),
    FASTER_WHISPER: ("faster_whisper", "faster-whisper"),
    "whisper.cpp": ("pywhispercpp", "pywhispercpp"),
    "librosa": ("librosa", "librosa"),
}


@dataclass(frozen=True, slots=True)
class Installed:
    """A program that is there: under which Python, in which version."""

    python: str
    version: str


def find_installed(pythons: Mapping[str, str]) -> dict[str, Installed]:
    """Return the programs that can be imported by the Python named for them, or by this one."""
    found = {}
    for program, package in PACKAGES.items():
        python = pythons.get(program, sys.executable)
        command = [python, "-c", PROBE, *package]
        probe = subprocess.run(command, capture_output=True, text=True, check=False)
        if probe.returncode == 0:
            found[program] = Installed(python, probe.stdout.strip())
    return found


def files_for(model: RandomModel, installed: Mapping[str, Installed]) -> dict[Variant, Path]:
    """Write the model for every program installed; return what each variant loads."""
    folders = {
        program: _WRITERS[program](model, there.python) for program, there in installed.items()
    }
    return {
        variant: _of_variant(folders[variant.program], variant)
        for variant in VARIANTS
        if variant.program in folders
    }


def _of_variant(path: Path, variant: Variant) -> Path:
    return path / variant.compute_type if variant.program == FASTER_WHISPER else path


_WRITERS: dict[str, Callable[[RandomModel, str], Path]] = {
    SOTTO: lambda model, _: model.hugging_face,
    "openai-whisper": lambda model, _: checkpoints.openai_pt(model),
    FASTER_WHISPER: checkpoints.ctranslate2_folder,
    "whisper.cpp": lambda model, _: checkpoints.ggml_q8_0(model),
    "librosa": lambda model, _: model.folder,
}
