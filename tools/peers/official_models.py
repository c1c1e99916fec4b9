"""Official weights, in the format of every program."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.checkpoint.vocabulary import bundled_ranks
from sotto.inference.features import mel_filters
from sotto.inference.interfaces import Checkpoint
from tools.fixtures.official import Official, official
from tools.fixtures.official_tokenizer import MULTILINGUAL
from tools.fixtures.random_checkpoint import write_openai
from tools.peers.ggml import Content, write_ggml
from tools.peers.programs import SOTTO, TRANSCRIBERS, Installed, Variant


@dataclass(frozen=True, slots=True)
class OfficialModel:
    """A model of OpenAI's and a folder for the files made of it.

    Attributes:
        name: as its authors call it.
        checkpoint: what Sotto reads of it.
        folder: for other programs' files, which are written when they are asked for.
    """

    name: Official
    checkpoint: Checkpoint
    folder: Path

    @property
    def ctranslate2(self) -> Path:
        """The folder as the hub has it, float16."""
        return official(self.name)

    def openai_pt(self) -> Path:
        """Write openai-whisper's file, in float16 like the original."""
        path = self.folder / f"{self.name}.pt"
        checkpoint = self.checkpoint
        write_openai(path, checkpoint.dimensions, 0, weights=checkpoint.weights, dtype="float16")
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("archive/version", "3\n")  # torch itself wants it
        return path

    def ggml_q8_0(self) -> Path:
        """Write whisper.cpp's file, its matrices as q8_0."""
        dims = self.checkpoint.dimensions
        ranks = bundled_ranks("multilingual" if dims.n_vocab >= MULTILINGUAL else "gpt2")
        tokens = sorted(ranks, key=ranks.__getitem__)
        content = Content(dims, self.checkpoint.weights, mel_filters(dims.n_mels), tokens)
        path = self.folder / f"ggml-{self.name}-q8_0.bin"
        write_ggml(path, content, "q8_0")
        return path


def load_official(name: Official, folder: Path) -> OfficialModel:
    """Read a model; `folder` is made for what others need."""
    folder.mkdir(parents=True, exist_ok=True)
    return OfficialModel(name, load_checkpoint(official(name)), folder)


def files_for(model: OfficialModel, installed: Mapping[str, Installed]) -> dict[Variant, Path]:
    """Return what each way to transcribe loads, of the programs that are installed."""
    writers = {
        SOTTO: lambda: model.checkpoint.path,
        "openai-whisper": model.openai_pt,
        "faster-whisper": lambda: model.ctranslate2,
        "whisper.cpp": model.ggml_q8_0,
    }
    files = {program: writers[program]() for program in writers if program in installed}
    return {v: files[v.program] for v in TRANSCRIBERS if v.program in files}
