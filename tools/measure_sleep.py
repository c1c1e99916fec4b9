"""Let the machine sleep while somebody dictates, and see whether dictation goes on.

    python -m tools.measure_sleep [--tries 9] [--hours 1]

`sotto listen` hears a microphone of a real sound server. Between two recordings all of it (the
program, its processes, the server) is stopped, and goes on with clocks that are ahead, as they are
after a sleep: CLOCK_BOOTTIME and the time of day, not CLOCK_MONOTONIC
(`tools/fixtures/sleeping_machine.c`). A try has survived if the words of both recordings come, in
two utterances, and one gap between them that is as long as the sleep.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tools.fixtures.audio_server import AudioServer, audio_server
from tools.fixtures.clips import CLIPS, human_clips
from tools.fixtures.official import official
from tools.fixtures.sleeping_machine import SleepingMachine
from tools.word_error import word_errors

PERSON = human_clips()[17]  # LJ001-0018, of which every word is heard
EXACT_S = 3.0  # a gap is told by when blocks arrive
WITHIN_S = 60.0


class Listening:
    """`sotto listen`, and what it wrote so far."""

    def __init__(self, machine: SleepingMachine, folder: Path, model: str) -> None:
        command = [sys.executable, "-m", "sotto", "listen", "--json", "--microphone", "virtmic"]
        self.process = subprocess.Popen(
            [*command, "--model", model, "--language", "en"],
            env=os.environ | machine.environ | {"XDG_STATE_HOME": str(folder)},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.events: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the events of a kind."""
        return [event for event in self.events if event["event"] == kind]

    def wait_for_finals(self, number: int) -> None:
        """Wait until there are so many, or it is too late."""
        deadline = time.monotonic() + WITHIN_S
        while len(self.of("final")) < number and time.monotonic() < deadline:
            time.sleep(0.05)

    def end(self) -> None:
        """End it, as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(WITHIN_S)
        self._reader.join()

    @property
    def pids(self) -> list[int]:
        """It and what it started."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        children = (pid for task in tasks for pid in (task / "children").read_text().split())
        return [self.process.pid, *map(int, children)]


def once(server: AudioServer, folder: Path, model: str, hours: float) -> str | None:
    """Do a try; return why it has not survived."""
    machine = SleepingMachine(folder)
    listening = Listening(machine, folder, model)
    try:
        while "virtmic" not in server.listened_to():
            time.sleep(0.05)
        server.play(CLIPS / PERSON.name, "feed")
        listening.wait_for_finals(1)
        machine.sleep(listening.pids, 3600 * hours)
        time.sleep(2.0)
        server.play(CLIPS / PERSON.name, "feed")
        listening.wait_for_finals(2)
    finally:
        listening.end()
    return _verdict(listening, 3600 * hours)


def _verdict(listening: Listening, slept_s: float) -> str | None:
    finals, gaps = listening.of("final"), listening.of("gap")
    told_s = [gap["end"] - gap["start"] for gap in gaps]
    errors = word_errors([(f"{PERSON.text} {PERSON.text}", " ".join(e["text"] for e in finals))])
    if len(finals) != 2 or errors.n_errors:
        return f"{len(finals)} utterances, {errors.n_errors} of {errors.n_words} words wrong"
    if len(gaps) != 1 or abs(told_s[0] - slept_s) > EXACT_S:
        return f"gaps of {told_s} s"
    return None


def main() -> None:
    """Do the tries and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--model", default=str(official("tiny.en")))
    given = parser.parse_args()
    n_survived = 0
    with audio_server() as server, server.awake("virtmic"):
        for number in range(given.tries):
            with tempfile.TemporaryDirectory(prefix="sotto-sleep-") as name:
                why_not = once(server, Path(name), given.model, given.hours)
            n_survived += why_not is None
            print(f"{number}: {why_not or 'survived'}", flush=True)
    print(f"tried {given.tries}, survived {n_survived}")


if __name__ == "__main__":
    main()
