r"""Measure what hours of listening leave behind: memory, threads, open files, and the words.

    python -m tools.measure_long_run FOLDER [--model tiny.en] [--minutes 60] [--json FILE]

FOLDER is a part of LibriSpeech. Its chapters, again and again until they last so long, are played
to `sotto listen` at the speed of speech, as a user's microphone would be, or as fast as they are
taken (`--speed max`; that is without a journal). Every ten seconds the memory of its processes,
their threads and descriptors are noted. Memory is what nobody else has (Pss_Anon of proc(5)): how
much of libraries and packed weights is counted for a process depends on who else has them mapped.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

from tools.chapters import read_chapters
from tools.fixtures.official import official
from tools.listening_conditions import Clip
from tools.peers.speech import ENGLISH
from tools.simulated_session import write_sound
from tools.word_error import word_errors

INTERVAL_S = 10.0
SETTLED_MIN = 10.0  # until then caches fill


@dataclass(frozen=True, slots=True)
class Sample:
    """What `listen` and the processes that it started hold after so many minutes of sound."""

    minutes: float
    listen_mb: float
    recogniser_mb: float
    threads: int
    descriptors: int

    @property
    def all_mb(self) -> float:
        """Of both processes."""
        return self.listen_mb + self.recogniser_mb


def repeated(clips: Sequence[Clip], seconds: float) -> Clip:
    """Return clips one after the other, again and again, until they last so long."""
    taken: list[Clip] = []
    lasting_s = 0.0
    for clip in cycle(clips):
        taken.append(clip)
        lasting_s += clip.duration_s
        if lasting_s >= seconds:
            break
    pcm = np.concatenate([clip.pcm for clip in taken])
    return Clip("all", " ".join(clip.text for clip in taken), ENGLISH, pcm)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    given = _arguments(argv)
    clip = repeated(list(read_chapters(given.folder, 60.0)), 60.0 * given.minutes)
    with tempfile.TemporaryDirectory() as folder:
        sound = write_sound(clip.pcm, Path(folder))
        samples, heard = _listen(sound, given.model, given.speed, Path(folder))
    wrong = word_errors([(clip.text, heard)])
    print(_report(samples))
    print(f"{wrong.n_words} words, {100 * wrong.rate:.1f} % wrong")
    if given.json:
        record = {"samples": [asdict(sample) for sample in samples], "heard": heard}
        given.json.write_text(json.dumps(record, ensure_ascii=False))


class Heard:
    """What `listen` wrote so far. Written by one thread, read by another."""

    def __init__(self) -> None:
        self.finals: list[str] = []
        self.until_s = 0.0  # in the sound

    def read(self, process: "subprocess.Popen[str]") -> None:
        """Read to the end."""
        assert process.stdout is not None
        for line in process.stdout:
            event = json.loads(line)
            self.until_s = event.get("audio", self.until_s)
            if event["event"] == "final":
                self.finals.append(event["text"])


def _listen(sound: Path, model: str, speed: str, folder: Path) -> tuple[list[Sample], str]:
    name = str(official(model)) if model in {"tiny.en", "base"} else model
    command = [sys.executable, "-m", "sotto", "listen", "--source", str(sound), "--json"]
    if speed == "max":
        command += ["--speed", "max"]
    environment = os.environ | {"XDG_STATE_HOME": str(folder)}
    process = subprocess.Popen(
        [*command, "--model", name], env=environment, stdout=subprocess.PIPE, text=True
    )
    heard = Heard()
    reader = threading.Thread(target=heard.read, args=(process,))
    reader.start()
    samples = list(_watch(process, heard))
    reader.join()
    return samples, " ".join(heard.finals)


def _watch(process: "subprocess.Popen[str]", heard: Heard) -> Iterator[Sample]:
    while process.poll() is None:
        time.sleep(INTERVAL_S)
        try:
            yield _sample(process.pid, heard.until_s / 60)
        except OSError:  # a process has just ended
            continue


def _sample(pid: int, minutes: float) -> Sample:
    children = [child for child in _children(pid) if "recognising.child" in _command(child)]
    family = [pid, *children]
    return Sample(
        minutes,
        own_mb(pid),
        sum(map(own_mb, children)),
        sum(len(os.listdir(f"/proc/{each}/task")) for each in family),  # noqa: PTH208 (as short)
        sum(len(os.listdir(f"/proc/{each}/fd")) for each in family),  # noqa: PTH208 (as short)
    )


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def own_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("Pss_Anon:"))
    return int(kilobytes) / 1024


def _report(samples: Sequence[Sample]) -> str:
    """Return a line every ten minutes, and how far memory moved once it had settled."""
    lines = [
        "| minute | listen, MB | recogniser, MB | threads | descriptors |",
        "|---|---|---|---|---|",
    ]
    due = 0.0
    for sample in samples:
        if sample.minutes >= due:
            due += SETTLED_MIN
            lines.append(
                f"| {sample.minutes:.0f} | {sample.listen_mb:.0f} | {sample.recogniser_mb:.0f} "
                f"| {sample.threads} | {sample.descriptors} |"
            )
    settled = [sample.all_mb for sample in samples if sample.minutes >= SETTLED_MIN]
    if settled:
        lines.append(
            f"after {SETTLED_MIN:.0f} minutes: {min(settled):.0f} to {max(settled):.0f} MB"
        )
    return "\n".join(lines)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="a part of LibriSpeech")
    parser.add_argument("--model", default="tiny.en")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--speed", choices=("1", "max"), default="1")
    parser.add_argument("--json", type=Path, help="write all there is to this file")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
