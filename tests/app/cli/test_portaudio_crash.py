"""A crash on PortAudio's thread ends Sotto; what was said by then comes back at the next start."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import soundfile

from sotto.app.core.traces.crash_file import crash_files
from tests.app.cli.conftest import Sotto
from tools.fixtures.audio_server import AudioServer
from tools.fixtures.clips import CLIPS, SAMPLE_RATE, human_clips
from tools.fixtures.official import official

PERSON = human_clips()[17]  # LJ001-0018, of which every word is heard
SERVER = ("PULSE_SERVER", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH")
# Its callback reads address 0 once there is a file of that name.
PROGRAM = """
import ctypes, os, sys
from sotto.app.cli import main
from sotto.audio.input.device_stream import DeviceStream
hear = DeviceStream._hear
def hear_or_crash(*block):
    if os.path.exists(os.environ["CRASHES_WHEN"]):
        ctypes.string_at(0)
    hear(*block)
DeviceStream._hear = hear_or_crash
sys.exit(main())
"""
MODEL = ("--language", "en", "--json")


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def crashed(
    environment: dict[str, str], server: AudioServer, trigger: Path, *arguments: str
) -> list[str]:
    """Listen until some words are certain, crash, and return these words."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "listen", "--microphone", "virtmic", *arguments],
        env=environment | {"CRASHES_WHEN": str(trigger)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        while "virtmic" not in server.listened_to():
            assert process.poll() is None
            time.sleep(0.02)
        with server.playing(CLIPS / PERSON.name, "feed"):
            for line in process.stdout:
                committed = words(json.loads(line).get("committed", ""))
                if len(committed) > 5 and not trigger.exists():
                    trigger.touch()
                    certain = committed
        assert process.wait() == -signal.SIGSEGV
        return certain


def test_what_was_said_comes_back(
    environment: dict[str, str], sotto_program: Sotto, audio_server: AudioServer, tmp_path: Path
) -> None:
    environment |= {name: os.environ[name] for name in SERVER}
    model = (*MODEL, "--model", str(official("tiny.en")))
    silence = tmp_path / "silence.wav"
    soundfile.write(silence, np.zeros(SAMPLE_RATE // 10), SAMPLE_RATE)
    with audio_server.awake("virtmic"):
        certain = crashed(environment, audio_server, tmp_path / "now", *model)
    (place,) = crash_files(Path(environment["XDG_STATE_HOME"]) / "sotto" / "log")
    assert "hear_or_crash" in place.read_text()
    result = sotto_program("listen", *model, "--source", silence)
    (recovered,) = map(json.loads, result.stdout.splitlines())
    assert recovered["event"] == "recovered"
    # All that was certain, and the rest of what was said by then.
    assert words(recovered["text"])[: len(certain)] == words(PERSON.text)[: len(certain)]
