"""`sotto listen` when nobody can read what it writes: it ends, and says so in one line."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest

from sotto.app.cli import listen, terminal
from sotto.app.cli.flags import parse
from sotto.app.core.events import Event
from sotto.errors import InternalError
from tests.app.cli.conftest import COLD_CACHE, TIMEOUT_S
from tools.fixtures.audio_server import AudioServer
from tools.fixtures.clips import CLIPS, SAMPLE_RATE, starter_clips

CLIP = CLIPS / "starter" / "000.flac"
PLAYED = ("--source", str(CLIP))
MODEL = ("--model", "starter-en")


def listening(environment: dict[str, str], stdout: int, *flags: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "sotto", "listen", *MODEL, *flags],
        env=environment,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(program: "subprocess.Popen[str]") -> str:
    """Wait for the end and return what was said; there is one line of it."""
    _, errors = program.communicate(timeout=TIMEOUT_S)
    (line,) = [line for line in errors.splitlines() if not line.endswith(COLD_CACHE)]
    return line


@pytest.fixture
def full() -> Iterator[int]:
    number = os.open("/dev/full", os.O_WRONLY)
    yield number
    os.close(number)


@pytest.fixture
def closed_pipe() -> Iterator[int]:
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.parametrize("view", [(), ("--json",)])
def test_where_nothing_can_be_written(
    environment: dict[str, str], full: int, view: tuple[str, ...]
) -> None:
    program = listening(environment, full, *PLAYED, *view)
    assert told(program).startswith(
        "sotto: the text cannot be written (no space left on device): write it elsewhere"
    )
    assert program.returncode == 2


def test_where_nobody_reads(environment: dict[str, str], closed_pipe: int) -> None:
    program = listening(environment, closed_pipe, *PLAYED, "--json")
    assert told(program) == "sotto: whoever read the text has gone; listening has ended"


def test_a_closed_output_is_refused(environment: dict[str, str]) -> None:
    result = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m sotto listen --source {CLIP} >&-"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert result.stderr.startswith("sotto: standard output is closed")
    assert result.returncode == 2


@pytest.fixture
def hearing(environment: dict[str, str], audio_server: AudioServer) -> dict[str, str]:
    return environment | {
        name: os.environ[name] for name in ("PULSE_SERVER", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH")
    }


def test_a_microphone_is_let_go_when_its_reader_leaves(
    hearing: dict[str, str], audio_server: AudioServer
) -> None:
    """Nobody speaks, so nothing is written that could fail."""
    program = listening(hearing, subprocess.PIPE, "--microphone", "virtmic", "--json")
    wait_for_listener(audio_server)
    assert program.stdout is not None
    program.stdout.close()
    program.stdout = None
    assert told(program) == "sotto: whoever read the text has gone; listening has ended"
    assert audio_server.n_listeners() == 1  # virtmic's own on feed


def test_a_microphone_is_let_go_when_the_disk_is_full(
    hearing: dict[str, str], audio_server: AudioServer, full: int
) -> None:
    program = listening(hearing, full, "--microphone", "pipemic")
    wait_for_listener(audio_server)
    silence = np.zeros(SAMPLE_RATE, np.int16)
    clip = (starter_clips()[0].pcm() * 32_767).astype(np.int16)
    spoken = np.concatenate([silence, clip, *[silence] * 60])
    with audio_server.speaking(spoken):
        assert "no space left on device" in told(program)


class BrokenView:
    """Fails at every event, and at its end too."""

    def show(self, _event: Event) -> None:
        raise ZeroDivisionError

    def close(self) -> None:
        raise ZeroDivisionError


def test_a_view_that_fails_ends_listening_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "_view", lambda _: BrokenView())
    monkeypatch.setattr(terminal, "give_up_output", lambda: None)
    flags = ["listen", *MODEL, *PLAYED]
    with pytest.raises(InternalError, match=r"inside Sotto \(ZeroDivisionError\)"):
        listen.run(parse(flags))


def test_errors_that_cannot_be_told_end_nothing(environment: dict[str, str], full: int) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "sotto", "listen", *MODEL, *PLAYED, "--speed", "max"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=full,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert result.returncode == 0
    assert result.stdout


def wait_for_listener(server: AudioServer) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not server.listened_to():
        assert time.monotonic() < deadline, "nobody listens"
        time.sleep(0.1)
