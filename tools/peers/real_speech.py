"""All programs on official weights and people's speech: time, memory and word errors of files."""

import math
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tools.peers.process import WorkerError
from tools.peers.programs import SOTTO, Installed, Variant
from tools.peers.speech import ENGLISH, Recording, joined
from tools.peers.table import NOTHING, digits
from tools.peers.transcriber import Transcriber, Transcript, transcriber
from tools.word_error import WordErrors, word_errors


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A file that all programs transcribe.

    Attributes:
        seconds: how long it is.
        path: `.npy`, float32 (n_samples,), 16 kHz, [-1, 1].
        text: what is said in it.
    """

    seconds: float
    path: Path
    text: str

    @property
    def name(self) -> str:
        """What its column is called."""
        return f"{self.seconds:g} s" if self.seconds < 600 else f"{self.seconds / 60:g} min"


@dataclass
class Cell:
    """What a program made of a file, a transcript a round. Owned by one thread."""

    file: SoundFile
    transcripts: list[Transcript] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The least time: others on the machine only add to it."""
        return min(transcript.seconds for transcript in self.transcripts)

    @property
    def peak_mb(self) -> float:
        """The most memory that the process had held when it had transcribed the file."""
        return self.transcripts[0].peak_mb

    @property
    def errors(self) -> WordErrors:
        """The errors of the first text."""
        return word_errors([(self.file.text, self.transcripts[0].text)])

    def __str__(self) -> str:
        if not self.transcripts:
            return NOTHING
        errors = f"{100 * self.errors.rate:.1f} %"
        return f"{digits(self.seconds)} s, {self.peak_mb:.0f} MB, {errors}"


Cells = Mapping[Variant, Sequence[Cell]]
"""What each program made of each file."""


def write_files(
    recordings: Sequence[Recording], lengths_s: Sequence[float], folder: Path
) -> list[SoundFile]:
    """Join recordings to files of given lengths, the shortest first."""
    files = []
    for seconds in sorted(lengths_s):
        pcm, text = joined(recordings, seconds)
        files.append(SoundFile(seconds, folder / f"{seconds:g}.npy", text))
        np.save(files[-1].path, pcm)
    return files


class RealSpeech:
    """The programs on one model. Owned by one thread.

    Attributes:
        failures: one line for each thing that a program could not do.
    """

    def __init__(
        self,
        files: Sequence[SoundFile],
        installed: Mapping[str, Installed],
        *,
        threads: int,
        rounds: int,
        patience_s: float = math.inf,
    ) -> None:
        """Compare programs on files, the shortest first: peak memory only grows.

        Args:
            files: what they transcribe.
            installed: where the programs are.
            threads: the most that may compute at once.
            rounds: how often each transcribes a file.
            patience_s: the most that one file may take by the pace of the one before; a program
                that would take longer is not asked.
        """
        self._files = files
        self._installed = installed
        self._threads = threads
        self._rounds = rounds
        self._patience_s = patience_s
        self.failures: list[str] = []

    def run(self, models: Mapping[Variant, Path]) -> Cells:
        """Return what each program made of the files with its model."""
        cells = {variant: [Cell(file) for file in self._files] for variant in models}
        with ExitStack() as stack:
            programs = self._start_all(models, stack)
            for index in range(len(self._files)):
                for round_ in range(self._rounds):
                    for variant in _turned(list(programs), index + round_):
                        if self._is_quick_enough(cells[variant], index):
                            self._hear(variant, programs[variant], cells[variant][index])
        return cells

    def _is_quick_enough(self, cells: Sequence[Cell], index: int) -> bool:
        """Tell whether a program may try a file; it may always try the first."""
        before = cells[index - 1] if index else None
        if before is None:
            return True
        pace = before.seconds / before.file.seconds if before.transcripts else math.inf
        return pace * cells[index].file.seconds <= self._patience_s

    def _start_all(
        self, models: Mapping[Variant, Path], stack: ExitStack
    ) -> dict[Variant, Transcriber]:
        """Start the programs, each warmed up by the shortest file."""
        shortest = self._files[0].path
        programs = {}
        for variant, model in models.items():
            there = self._installed[variant.program]
            try:
                program = stack.enter_context(
                    transcriber(variant, there, model, shortest, self._threads)
                )
                program.hear(shortest, ENGLISH)
            except WorkerError as error:
                self.failures.append(f"{variant.name}, loading: {error}")
            else:
                programs[variant] = program
        return programs

    def _hear(self, variant: Variant, program: Transcriber, cell: Cell) -> None:
        print(f"{cell.file.name}: {variant.name}", file=sys.stderr)
        try:
            cell.transcripts.append(program.hear(cell.file.path, ENGLISH))
        except WorkerError as error:
            self.failures.append(f"{variant.name}, {cell.file.name}: {error}")


def _turned(variants: list[Variant], by: int) -> list[Variant]:
    """Return them with another one at the beginning."""
    first = by % max(1, len(variants))
    return variants[first:] + variants[:first]


def markdown(cells: Cells) -> str:
    """Return a row for each program: time, peak memory and word errors of each file.

    The last rows are Sotto's times in parts of the best other program's.
    """
    files = [cell.file.name for cell in next(iter(cells.values()))]
    lines = [["", *files], ["---", *["---:"] * len(files)]]
    lines += [[variant.name, *map(str, of_files)] for variant, of_files in cells.items()]
    for variant in cells:
        if variant.program == SOTTO:
            ratios = [ratio(cells, variant, index) for index in range(len(files))]
            shown = [NOTHING if value is None else f"{value:.2f}" for value in ratios]
            lines.append([f"{variant.name}: time ÷ best other", *shown])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def ratio(cells: Cells, sotto: Variant, index: int) -> float | None:
    """Return Sotto's time of a file in parts of the best other program's; below one is better."""
    peers = [of_files[index] for v, of_files in cells.items() if v.program != SOTTO]
    theirs = [cell.seconds for cell in peers if cell.transcripts]
    ours = cells[sotto][index]
    return ours.seconds / min(theirs) if theirs and ours.transcripts else None


def to_json(cells: Cells) -> list[dict[str, Any]]:
    """Return the same and all texts, for other programs."""
    return [
        {
            "program": variant.name,
            "file_s": cell.file.seconds,
            "seconds": [transcript.seconds for transcript in cell.transcripts],
            "peak_mb": cell.peak_mb,
            "errors": cell.errors.n_errors,
            "words": cell.errors.n_words,
            "text": cell.transcripts[0].text,
        }
        for variant, of_files in cells.items()
        for cell in of_files
        if cell.transcripts
    ]
