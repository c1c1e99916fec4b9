"""Measure what it takes to transcribe a long recording: memory over the model's, time, words.

    python -m tools.measure_recording [--seconds 3600] [--model base] [--speech FOLDER...] \
        [-- FLAGS OF SOTTO TRANSCRIBE]

People's speech (as `tools.judge_words` takes it) is joined to a file of that length, again and
again from the first clip, which a fresh process reads and transcribes as the command does. Memory
is by how much that process grew at most from when the model was loaded and nothing transcribed: the
sound, the model's work and all code that is loaded only then. The process that decodes files is
not in it. The digest is of all tokens and times: the same one, the same text.
"""

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import wave
from dataclasses import asdict, dataclass
from pathlib import Path

from sotto.app.cli import flags
from sotto.app.cli.transcribing.hearer import Hearer
from sotto.app.cli.transcribing.transcribe_options import options_of
from sotto.app.cli.transcribing.work import Heard
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType
from sotto.inference.decoding import Transcription
from sotto.inference.dimensions import SAMPLE_RATE
from sotto.inference.model.whisper_model import WhisperModel
from tools.fixtures.official import official
from tools.peak_memory import peak_growth, resident
from tools.peers.engine import Pcm
from tools.peers.process import REPOSITORY
from tools.peers.speech import joined, read_folder
from tools.word_error import word_errors

CLIPS = REPOSITORY / "tests" / "clips" / "human"
MEGABYTE = 1e6
CHILD = "--child"  # what the fresh process is told


@dataclass(frozen=True, slots=True)
class Measured:
    """What one transcription took.

    Attributes:
        model_bytes: Resident once the model is loaded.
        growth_bytes: What came to that at most.
        cpu_s: Processor time of all threads, reading the file included.
        text: What was heard.
        digest: Of all tokens and times.
    """

    model_bytes: int
    growth_bytes: int
    cpu_s: float
    text: str
    digest: str


def measure(path: Path, model: Path, compute_type: ComputeType, command: list[str]) -> Measured:
    """Load a model and let it hear a file as `sotto transcribe` with these flags does."""
    arguments = flags.parse(["transcribe", str(path), *command])
    hearer = Hearer(options_of(arguments), arguments)
    loaded = WhisperModel.load(load_checkpoint(model), compute_type=compute_type)
    hear = hearer.by(lambda: loaded)
    heard: list[Heard] = []
    before = resident()
    began_s = _cpu_s()
    growth = peak_growth(lambda: heard.append(hear(path, path.name, lambda *_: None)))
    text = heard[0].transcription
    return Measured(before, growth, _cpu_s() - began_s, text.text, digest_of(text))


def digest_of(transcription: Transcription) -> str:
    """Return a short digest of what was decoded, and when it was said."""
    told = [(s.tokens, s.start, s.end, s.words) for s in transcription.segments]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def write_wav(pcm: Pcm, path: Path) -> None:
    """Write samples (n,), 16 kHz, [-1, 1], in 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((pcm * 32767).round().astype("<i2").tobytes())


def in_fresh_process(path: Path, arguments: argparse.Namespace) -> Measured:
    """Return what `measure` does in a process that has done nothing else."""
    command = [sys.executable, "-m", "tools.measure_recording", "--model", arguments.model]
    command += ["--compute_type", arguments.compute_type, CHILD, str(path)]
    done = subprocess.run(
        [*command, "--", *arguments.flags], stdout=subprocess.PIPE, text=True, check=True
    )
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Measure, and print a line."""
    arguments = parse_arguments()
    if arguments.child:
        found = official(arguments.model)
        compute_type = ComputeType(arguments.compute_type)
        measured = measure(arguments.child, found, compute_type, arguments.flags)
        print(json.dumps(asdict(measured)))
        return
    recordings = [recording for folder in arguments.speech for recording in read_folder(folder)]
    pcm, said = joined(recordings, arguments.seconds)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording.wav"
        write_wav(pcm, path)
        measured = in_fresh_process(path, arguments)
    print(line(measured, said))


def line(measured: Measured, said: str) -> str:
    """Return the figures as text."""
    figures = [f"+{measured.growth_bytes / MEGABYTE:.0f} MB"]
    figures.append(f"beside {measured.model_bytes / MEGABYTE:.0f} MB with the model")
    figures.append(f"{measured.cpu_s:.1f} CPU-s")
    figures.append(f"{word_errors([(said, measured.text)])} wrong")
    return f"{', '.join(figures)}; digest {measured.digest}"


def parse_arguments() -> argparse.Namespace:
    lines = (__doc__ or "").splitlines()
    parser = argparse.ArgumentParser(description=lines[0])
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--model", default="base", help="official weights")
    parser.add_argument("--compute_type", default=ComputeType.INT8, choices=list(ComputeType))
    parser.add_argument("--speech", nargs="+", type=Path, default=[CLIPS])
    parser.add_argument(CHILD, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("flags", nargs="*", help="of sotto transcribe, behind --")
    return parser.parse_args()


if __name__ == "__main__":
    main()
