"""Take the microphone away again and again, and count what becomes of who listens.

A real PulseAudio or PipeWire server of its own, and Sotto's source beside it, read as the engine
reads it.
Each try does one thing to it: unplugs the microphone and plugs it in again, starts the server anew,
stops the server or the listening process for a while, changes the default, lets the machine sleep
(by its clock). A try has survived if the source goes on by itself; its gap is told if what was
heard and what was told to be missing are together as long as the try took.

    python -m tools.measure_devices             # a few tries of each kind, some minutes
    python -m tools.measure_devices --tries 50  # as many as the goal says, an hour
    python -m tools.measure_devices --server pipewire
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field

from sotto.audio.input.capture import CaptureSource
from sotto.audio.input.microphone import microphone_source
from sotto.audio.input.source import SAMPLE_RATE
from sotto.clock import SleeplessClock
from sotto.errors import AudioError
from tools.fixtures.audio_server import AudioServer, audio_server
from tools.fixtures.pipewire_server import pipewire_server

AWAY_S = 3.0  # unless told otherwise; longer than it takes to notice
BACK_WITHIN_S = 30.0  # later is lost
EXACT_S = 0.5  # blocks come every 40 ms, and late
_STEP_S = 0.02
# A virtual microphone that is idle takes 2 s for its first block.
_AWAKE = ("parec", "--raw", "--latency-msec=40", "--device=virtmic")
# Nothing wakes one that a new server has: only what is written to a pipe is heard at once there.
_SPEAK = """
import sys, time
with open(sys.argv[1], "wb", buffering=0) as pipe:
    began, n_written = time.monotonic(), 0
    while True:
        pipe.write(bytes(1280))  # 40 ms
        n_written += 1
        time.sleep(max(0.0, began + 0.04 * n_written - time.monotonic()))
"""


class SleepyClock(SleeplessClock):
    """A clock by which the machine can have slept."""

    slept_s = 0.0

    def now(self) -> float:
        """Return seconds since an arbitrary start."""
        return super().now() + self.slept_s


@dataclass
class Figures:
    """What became of the tries of a kind."""

    tried: int = 0
    survived: int = 0
    told: int = 0
    back_s: list[float] = field(default_factory=list)  # after the device was back
    told_s: list[float] = field(default_factory=list)  # to be missing
    unaccounted_s: list[float] = field(default_factory=list)  # neither heard nor told

    def row(self, kind: str) -> str:
        """Return the figures as a row of the table."""
        counts = [self.tried, self.survived, self.tried - self.survived, self.told]
        seconds = [_figures(each) for each in (self.back_s, self.told_s, self.unaccounted_s)]
        return f"| {' | '.join([kind, *map(str, counts), *seconds])} |"


def _figures(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} / {max(seconds):.2f}" if seconds else ""


class Bench:
    """A server, a source that listens to it, and what is done to both."""

    def __init__(self, server: AudioServer, stack: ExitStack, away_s: float) -> None:
        self.server = server
        self.away_s = away_s
        self.clock = SleepyClock()
        self._stack = stack
        self._awake: subprocess.Popen[bytes] | None = None
        self.n_heard = 0
        self.source = self._new_source()

    def _new_source(self) -> CaptureSource:
        self.keep_awake()
        source = microphone_source(None, self.clock)
        source.open()
        self._stack.callback(source.close)
        return source

    def keep_awake(self) -> None:
        """Keep the virtual microphone running, as a real one is."""
        if self._awake is not None:
            self._awake.kill()
            self._awake.wait()
        self._awake = subprocess.Popen(_AWAKE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._stack.callback(self._awake.kill)

    def read(self) -> int:
        """Read as the engine does; return how many samples came."""
        n_samples = len(self.source.read())
        self.n_heard += n_samples
        time.sleep(_STEP_S)
        return n_samples

    def listen(self, seconds: float) -> None:
        """Read for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.read()

    def until_heard(self) -> float:
        """Return the seconds until sound comes again."""
        began = time.monotonic()
        while not self.read():
            if time.monotonic() - began > BACK_WITHIN_S:
                raise TimeoutError
        return time.monotonic() - began

    def begin_anew(self) -> None:
        """Listen with another source, after one that was lost."""
        self.source.close()
        self.source = self._new_source()

    # What can happen -----------------------------------------------------------------------

    def unplug(self) -> None:
        """Take the microphone away and bring it back."""
        self.server.unload("virtmic")
        self.listen(self.away_s)
        self.server.load("module-remap-source", "master=feed.monitor", "source_name=virtmic")
        self.server.set_default_source("virtmic")
        self.keep_awake()

    def restart(self) -> None:
        """Start the server anew, with a microphone that gives sound from then on."""
        self.server.kill()
        self.listen(self.away_s)
        self.server.default_source = "pipemic"
        self.server.start()
        command = [sys.executable, "-S", "-c", _SPEAK, str(self.server.folder / "mic.fifo")]
        self._stack.callback(subprocess.Popen(command, stderr=subprocess.DEVNULL).kill)

    def stop_server(self) -> None:
        """Stop the server for a while, as a debugger or a full memory does."""
        self.server.signal(signal.SIGSTOP)
        self.listen(self.away_s)
        self.server.signal(signal.SIGCONT)

    def stop_listener(self) -> None:
        """Stop this process for a while."""
        waker = (
            f"import os, time; time.sleep({self.away_s}); os.kill({os.getpid()}, {signal.SIGCONT})"
        )
        subprocess.Popen([sys.executable, "-S", "-c", waker])
        os.kill(os.getpid(), signal.SIGSTOP)

    def change_default(self) -> None:
        """Plug in a headset that becomes the default, and take it away again."""
        self.server.load("module-remap-source", "master=feed.monitor", "source_name=headset")
        self.server.set_default_source("headset")
        self.listen(self.away_s)
        self.server.unload("headset")
        self.server.set_default_source("virtmic")

    def sleep(self) -> None:
        """Let the machine sleep for an hour, by its clock."""
        self.clock.slept_s += 3600.0


KINDS: dict[str, Callable[[Bench], None]] = {
    "unplugged": Bench.unplug,
    "server stopped": Bench.stop_server,
    "listener stopped": Bench.stop_listener,
    "default changed and back": Bench.change_default,
    "machine asleep for 1 h": Bench.sleep,
    "server started anew": Bench.restart,  # the last: it leaves another microphone
}


SERVERS: dict[str, Callable[[], AbstractContextManager[AudioServer]]] = {
    "pulseaudio": audio_server,
    "pipewire": pipewire_server,
}


def once(bench: Bench, happens: Callable[[Bench], None], figures: Figures) -> None:
    """Do one try."""
    figures.tried += 1
    try:
        bench.until_heard()
        bench.listen(1.5)
        bench.source.losses()
        began_s, bench.n_heard = bench.clock.now(), 0
        happens(bench)
        figures.back_s.append(bench.until_heard())
        bench.listen(1.5)
    except (AudioError, TimeoutError):
        bench.begin_anew()
        return
    took_s, heard_s = bench.clock.now() - began_s, bench.n_heard / SAMPLE_RATE
    told_s = sum(loss.n_samples for loss in bench.source.losses()) / SAMPLE_RATE
    figures.survived += not bench.source.exhausted
    figures.told_s.append(told_s)
    figures.unaccounted_s.append(abs(took_s - heard_s - told_s))
    figures.told += figures.unaccounted_s[-1] < EXACT_S


def main() -> None:
    """Do the tries and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=3, help="of each kind")
    parser.add_argument("--away", type=float, default=AWAY_S, help="seconds that it takes")
    parser.add_argument("--only", help="a part of a kind's name")
    parser.add_argument("--server", choices=tuple(SERVERS), default="pulseaudio")
    arguments = parser.parse_args()
    heads = ("what happens", "tried", "survived", "lost", "told", "back after, s", "gap, s")
    print(f"| {' | '.join(heads)} | unaccounted, s |")
    print(f"|{'---|' * 8}")
    with SERVERS[arguments.server]() as server, ExitStack() as stack:
        bench = Bench(server, stack, arguments.away)
        for kind, happens in KINDS.items():
            if arguments.only and arguments.only not in kind:
                continue
            figures = Figures()
            for _ in range(arguments.tries):
                once(bench, happens, figures)
            print(figures.row(kind), flush=True)


if __name__ == "__main__":
    main()
