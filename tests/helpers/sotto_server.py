"""`sotto serve` as a program, on a free port."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

SERVES = re.compile(r"Sotto serves on (http://\S+/)")


@dataclass(frozen=True, slots=True)
class SottoServer:
    """`url` is the page's, with a slash at its end."""

    url: str
    process: "subprocess.Popen[str]"

    @property
    def api(self) -> str:
        return f"{self.url}v1"

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws", 1) + "v1/listen"

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])

    @property
    def n_files(self) -> int:
        """How many recordings it has."""
        n_files: int = self.figures["files_waiting"]
        return n_files

    @property
    def figures(self) -> dict[str, int]:
        figures: dict[str, int] = httpx2.get(f"{self.api}/figures").json()
        return figures


@contextmanager
def sotto_server(model: Path | str, *flags: str, **environment: str) -> Iterator[SottoServer]:
    """Start it, wait until it serves, and end it; what it says goes to standard error."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sotto", "serve", "--port", "0", "--model", str(model), *flags],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    try:
        yield SottoServer(_address(process), process)
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    # It has nothing to say but that: no names of files, no texts, no traces.
    assert said == ""
    assert process.returncode == 130  # as a program that was interrupted


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if match := SERVES.search(line):
            return match[1]
    raise AssertionError(f"it ended before it served: {lines}")
