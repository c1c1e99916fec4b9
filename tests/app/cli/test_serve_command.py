"""`sotto serve` as a command: what it refuses before it loads anything, and how it ends."""

import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import numpy as np
import pytest
import soundfile

from tests.app.cli.conftest import Sotto, refused
from tools.fixtures.clips import starter_clips
from tools.fixtures.sotto_server import sotto_server


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--host", "0.0.0.0"], "on 0.0.0.0 others could use it"),  # noqa: S104
        (["--max-live", "0"], "--max-live must be at least 1"),
        (["--model", "no-such-model"], "no-such-model"),
    ],
)
def test_what_makes_no_sense(sotto_program: Sotto, flags: list[str], words: str) -> None:
    assert words in refused(sotto_program("serve", "--port", "0", *flags))


def test_a_port_that_is_taken(sotto_program: Sotto) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "another --port" in refused(sotto_program("serve", "--port", port))


def test_a_token_in_a_file_opens_it_to_others(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a-token-that-nobody-guesses\n")
    flags = ("--host", "0.0.0.0", "--token-file", str(tmp_path / "token"))  # noqa: S104
    with sotto_server("starter-en", *flags) as server:
        assert server.url.startswith("http://0.0.0.0:")


def test_the_extra_is_not_installed(sotto_program: Sotto, tmp_path: Path) -> None:
    (tmp_path / "starlette.py").write_text("raise ModuleNotFoundError('no starlette here')")
    said = refused(sotto_program("serve", "--port", "0", PYTHONPATH=str(tmp_path)))
    assert "pip install 'sotto[server]'" in said


def test_it_ends_soon_whatever_is_being_done(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "long.flac", np.tile(starter_clips()[0].pcm(), 60), 16_000)
    with sotto_server("starter-en") as server, ThreadPoolExecutor(1) as pool:
        sending = pool.submit(
            httpx2.post,
            f"{server.api}/audio/transcriptions",
            files={"file": (tmp_path / "long.flac").read_bytes()},
            timeout=60,
        )
        while server.n_files == 0:
            time.sleep(0.01)
        server.process.send_signal(signal.SIGINT)
        server.process.wait(60)
        with pytest.raises(httpx2.HTTPError):
            sending.result().raise_for_status()
