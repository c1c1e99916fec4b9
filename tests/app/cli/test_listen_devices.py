"""`sotto listen` from a microphone that goes away."""

import json
import os
import signal
import subprocess
import sys
import time

from tests.app.cli.conftest import TIMEOUT_S
from tools.fixtures.audio_server import AudioServer


def test_libraries_write_nothing_into_the_text_when_the_sound_server_goes(
    environment: dict[str, str], audio_server: AudioServer
) -> None:
    names = ("PULSE_SERVER", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH")
    with subprocess.Popen(
        [sys.executable, "-m", "sotto", "listen", "--json"],
        env=environment | {name: os.environ[name] for name in names},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        deadline = time.monotonic() + TIMEOUT_S
        while not audio_server.listened_to():
            assert time.monotonic() < deadline, "nobody listens"
            time.sleep(0.1)
        audio_server.kill()
        assert json.loads(program.stdout.readline())["event"] == "waiting"
        program.send_signal(signal.SIGINT)
        _, said = program.communicate(timeout=TIMEOUT_S)
    assert said == ""
