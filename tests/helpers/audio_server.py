"""A real, private PulseAudio server with a virtual microphone and virtual speakers."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
STARTS_WITHIN_S = 60
WRITE_BLOCK = 320  # samples; small writes keep the pipe from running far ahead of the clock

# `virtmic` hears what is played on `feed`; `pipemic` hears, sample for sample, what is written to
# the pipe; `speakers.monitor` hears what programs play.
_CONFIGURATION = """
load-module module-native-protocol-unix auth-anonymous=1 socket={folder}/native
load-module module-null-sink sink_name=feed rate=16000 channels=1 format=s16le
load-module module-remap-source master=feed.monitor source_name=virtmic rate=16000 channels=1
load-module module-null-sink sink_name=speakers rate=48000 channels=2
load-module module-pipe-source source_name=pipemic file={folder}/mic.fifo format=s16le \
rate=16000 channels=1
set-default-source virtmic
set-default-sink speakers
"""

_OPTIONS = ["--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disallow-exit"]
_OPTIONS += ["--realtime=no", "--high-priority=no"]


class AudioServer:
    """The server, what can be done to it, and its sockets' folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def in_environment(cls) -> "AudioServer":
        """Return a server, not yet started, where this process looks for one."""
        return cls(Path(os.environ["XDG_RUNTIME_DIR"]))

    def start(self) -> None:
        """Start the server and wait until it answers."""
        configuration = self.folder / "default.pa"
        configuration.write_text(_CONFIGURATION.format(folder=self.folder), encoding="utf-8")
        (self.folder / "mic.fifo").unlink(missing_ok=True)
        self._process = subprocess.Popen(
            ["pulseaudio", "-n", "-F", str(configuration), *_OPTIONS],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError("pulseaudio did not start; is the package installed?")
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server without a farewell."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def unload(self, source: str) -> None:
        """Take away the module of a source, as unplugging does."""
        listing = _run("pactl", "list", "short", "modules")
        for line in listing.splitlines():
            number, _, rest = line.partition("\t")
            if f"source_name={source}" in rest:
                _run("pactl", "unload-module", number)
                return
        raise LookupError(f"no module has the source {source}")

    def load(self, module: str, *arguments: str) -> None:
        """Load a module, such as a new source."""
        _run("pactl", "load-module", module, *arguments)

    def n_listeners(self) -> int:
        """Return how many streams listen to any source."""
        return len(_run("pactl", "list", "short", "source-outputs").splitlines())

    def play(self, path: Path, sink: str) -> None:
        """Play a file on a sink at the speed of sound and wait for its end."""
        _run("paplay", f"--device={sink}", str(path))

    @contextlib.contextmanager
    def awake(self, source: str) -> Iterator[None]:
        """Keep a source running: an idle one takes up to 2 s for its first block."""
        recorder = subprocess.Popen(
            ["parec", f"--device={source}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            recorder.kill()
            recorder.wait()

    def speak(self, samples: NDArray[np.int16]) -> None:
        """Write samples (n,) into the pipe microphone; returns when the server took them."""
        with (self.folder / "mic.fifo").open("wb", buffering=0) as pipe:
            data = samples.astype("<i2").tobytes()
            for at in range(0, len(data), 2 * WRITE_BLOCK):
                pipe.write(data[at : at + 2 * WRITE_BLOCK])

    def _answers(self) -> bool:
        answer = subprocess.run(["pactl", "info"], capture_output=True, check=False)
        return answer.returncode == 0


@contextlib.contextmanager
def audio_server() -> Iterator[AudioServer]:
    """Run a server that this process, and what it starts, use; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sotto-audio-") as name, _environment(Path(name)):
        server = AudioServer(Path(name))
        try:
            server.start()
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def no_audio_server() -> Iterator[None]:
    """Let this process find no server."""
    with tempfile.TemporaryDirectory(prefix="sotto-audio-") as name, _environment(Path(name)):
        yield


@contextlib.contextmanager
def _environment(folder: Path) -> Iterator[None]:
    variables = {
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_RUNTIME_PATH": str(folder),
        "PULSE_STATE_PATH": str(folder),
        "PULSE_SERVER": f"unix:{folder}/native",
    }
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
