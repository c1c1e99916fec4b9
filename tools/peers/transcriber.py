"""A program in a process of its own, with real weights, that transcribes sounds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.peers.process import WorkerProcess
from tools.peers.programs import Installed, Variant


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a program answered.

    Attributes:
        text: what it heard.
        seconds: how long that took.
        peak_mb: the most memory that its process had held by then.
    """

    text: str
    seconds: float
    peak_mb: float


class Transcriber:
    """A program that has loaded its model. Owned by one thread."""

    def __init__(self, variant: Variant, worker: WorkerProcess) -> None:
        self._variant = variant
        self._worker = worker

    def hear(self, sound: Path, language: str) -> Transcript:
        """Transcribe a `.npy` file, float32 (n_samples,), 16 kHz, [-1, 1].

        Raises:
            WorkerError: The program failed or is gone.
        """
        request = {"what": self._variant.what, "sound": str(sound), "language": language}
        transcript = Transcript(**self._worker.call("hear", **request))
        self._worker.settle()
        return transcript


@contextmanager
def transcriber(
    variant: Variant, installed: Installed, model: Path, sound: Path, threads: int
) -> Iterator[Transcriber]:
    """Start a program, and end it afterwards.

    Args:
        variant: which, and how it is to compute.
        installed: where it is.
        model: in its own format.
        sound: any that it is going to hear.
        threads: the most that may compute at once.

    Raises:
        WorkerError: The program could not load the model.
    """
    with WorkerProcess(variant.program, installed.python, threads) as worker:
        worker.call(
            "load",
            model=str(model),
            compute_type=variant.compute_type,
            threads=threads,
            sound=str(sound),
            prompt=(),
            n_mels=0,
        )
        yield Transcriber(variant, worker)
