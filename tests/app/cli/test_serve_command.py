"""`sotto serve` as a command: what it refuses before it loads anything, and how it ends."""

import signal
import socket
from pathlib import Path

import pytest

from tests.app.cli.conftest import Sotto, refused
from tests.helpers.sotto_server import sotto_server


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
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == -signal.SIGTERM
