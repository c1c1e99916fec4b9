"""Read thousands of broken sound files and tell what became of them.

    python -m tools.fuzz_media --mutated 10000

Each is read by the same function as `sotto transcribe` reads it. A file is *lost* if anything else
comes of it than sound or one line that says why not: a signal or a traceback in this process, more
than 25 s (20 s and a start), more than 500 MB over the size of its sound, or a good file that is
not read right after it. The seed of a lost one is told; the same seed makes the same file.
"""

import argparse
import re
import resource
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sotto.audio.files.reading import SAMPLE_BYTES, read_recording
from sotto.errors import AudioFileError
from tools.fixtures.media_files import (
    MediaFile,
    hand_made,
    mutated,
    of_every_container,
    wav,
)

MAX_S = 25.0
MAX_MEMORY = 500 * 2**20
GOOD_SAMPLES = 6_400  # 0.4 s


def main() -> int:
    """Run it; 0 if none is lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutated", type=int, default=2_000, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--seconds", type=float, default=1e9, help="stop after so long")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        fates = run(Path(folder), files(arguments.mutated, arguments.first), arguments.seconds)
    for fate, count in sorted(fates.items()):
        sys.stdout.write(f"{count:6} {fate}\n")
    tried, lost = fates.total(), fates["lost"]
    sys.stdout.write(f"tried {tried}, survived {tried - lost}, lost {lost}\n")
    return 1 if lost else 0


def files(n_mutated: int, first: int, *, every: int = 1) -> Iterator[MediaFile]:
    """Yield those that are made with care, or every so many of them, and then mutated ones."""
    bases = [*of_every_container(), *hand_made()]
    yield from bases[::every]
    for seed in range(first, first + n_mutated):
        yield mutated(bases, seed)


def run(folder: Path, trials: Iterator[MediaFile], seconds: float = 1e9) -> Counter[str]:
    """Read each and count what became of them."""
    good = folder / "good.wav"
    good.write_bytes(wav(1))
    fates: Counter[str] = Counter()
    end = time.monotonic() + seconds
    for trial in trials:
        if time.monotonic() > end:
            break
        path = folder / f"trial{Path(trial.name).suffix}"
        path.write_bytes(trial.data)
        fate = fate_of(path)
        if len(read_recording(good).pcm) != GOOD_SAMPLES:
            fate = "lost"
        if fate == "lost":
            sys.stdout.write(f"lost: {trial.name}\n")
        fates[fate] += 1
    return fates


def fate_of(path: Path) -> str:
    """Read a file; return `whole`, `part`, why it was refused, or `lost`."""
    began, before = time.monotonic(), _peak()
    n_bytes = 0
    try:
        recording = read_recording(path)
        fate = "part" if recording.missing else "whole"
        n_bytes = SAMPLE_BYTES * len(recording.pcm)
    except AudioFileError as error:
        words = str(error).replace(f"“{path}”", "")
        fate = re.sub(r"[0-9]+", "N", f"refused: {words.split(':')[0].strip()}")
        if "\n" in words:
            fate = "lost"
    except Exception as error:  # noqa: BLE001 (what is looked for)
        sys.stdout.write(f"{error!r}\n")
        fate = "lost"
    is_large = _peak() - before + _decoder_peak() > n_bytes + MAX_MEMORY
    if time.monotonic() - began > MAX_S or is_large:
        fate = "lost"
    return fate


def _peak() -> int:
    """Return the most memory this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _decoder_peak() -> int:
    """Return the most memory that the process which decodes has had, in bytes."""
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
    sizes = [Path(f"/proc/{child}/status").read_text() for child in children]
    peaks = [re.search(r"VmHWM:\s+([0-9]+) kB", size) for size in sizes]
    return max((int(peak[1]) * 1024 for peak in peaks if peak), default=0)


if __name__ == "__main__":
    sys.exit(main())
