"""The programs that stream, and the weights that each takes."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.fixtures.official import Official
from tools.peers.official_models import load_official
from tools.peers.programs import PROBE
from tools.peers.speech import Recording
from tools.peers.streaming.microphone import Setup


@dataclass(frozen=True, slots=True)
class Program:
    """A row of the table.

    Attributes:
        name: as its authors call it, with the way it streams if it has several.
        module: the package that must be there.
        distribution: the package's name in the index.
        adapter: it is `tools.peers.streaming.with_ADAPTER`.
        policy: the way it streams.
    """

    name: str
    module: str
    distribution: str
    adapter: str
    policy: str = ""

    def version(self, python: str) -> str | None:
        """Return which version a Python has; None if it has none."""
        command = [python, "-c", PROBE, self.module, self.distribution]
        probe = subprocess.run(command, capture_output=True, text=True, check=False)
        return probe.stdout.strip() if probe.returncode == 0 else None


PROGRAMS = {
    "sotto": Program("Sotto", "sotto", "sotto", "sotto"),
    "whisper-live": Program("WhisperLive", "whisper_live", "whisper-live", "whisper_live"),
    "whisper-live-kit": Program(
        "WhisperLiveKit, SimulStreaming",
        "whisperlivekit",
        "whisperlivekit",
        "whisper_live_kit",
        "simulstreaming",
    ),
    "whisper-live-kit-agreement": Program(
        "WhisperLiveKit, LocalAgreement",
        "whisperlivekit",
        "whisperlivekit",
        "whisper_live_kit",
        "localagreement",
    ),
    "realtime-stt": Program("RealtimeSTT", "RealtimeSTT", "realtimestt", "realtime_stt"),
    "whisper-streaming": Program(
        "whisper_streaming", "whisper_streaming", "whisper-streaming", "whisper_streaming"
    ),
    "whisper.cpp": Program("whisper.cpp stream", "pywhispercpp", "pywhispercpp", "whisper_cpp"),
}
"""By the names that the command takes."""


def make_setup(
    name: Official, folder: Path, warm_up: Recording, policy: str, threads: int
) -> Setup:
    """Write the weights in each layout that is not there yet; return what a program loads."""
    model = load_official(name, folder / name)
    openai, ggml = folder / name / f"{name}.pt", folder / name / f"ggml-{name}-q8_0.bin"
    if not openai.exists():
        model.openai_pt()
    if not ggml.exists():
        model.ggml_q8_0()
    return Setup(
        ctranslate2=str(model.ctranslate2.resolve()),
        openai=str(openai.resolve()),
        ggml=str(ggml.resolve()),
        warm_up=str(warm_up.path.resolve()),
        policy=policy,
        threads=threads,
    )
