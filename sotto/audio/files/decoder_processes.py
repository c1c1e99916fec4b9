"""The processes that decode: one a file at a time, kept for the next file if all went well."""

import atexit
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from threading import Lock

from sotto.audio.files import packets
from sotto.audio.files.selection import Selection

# The decoder is run as `python -c`, and Python would look for modules in the current folder, where
# somebody else's files may lie.
_COMMAND = (
    "-P",
    *("-W", "ignore"),
    "-c",
    "import os, sys; os.dup2(int(sys.argv[1]), 3); "
    "from sotto.audio.files.decoder import main; main()",
)
MAX_FILES = 100
"""After which a process is replaced: what broken files leave in its memory does not add up."""
GONE_S = 5  # a process that was ended is gone in milliseconds


class DecoderProcess:
    """One process and the socket to it. Used by one thread at a time.

    Raises:
        OSError: there is no room for one.
    """

    def __init__(self) -> None:
        self.n_files = 0  # that it was given
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self._process = _started(theirs)
            except OSError:
                self._socket.close()
                raise

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it still runs; it ends when nobody wants anything for a while."""
        return self._process.poll() is None

    def answers(self, file: int, suffix: str, selection: Selection | None) -> Iterator[bytes]:
        """Yield what it tells of an open file, as long as it lives (see `packets.ask`)."""
        self.n_files += 1
        try:
            packets.ask(self._socket, file, suffix, selection)
        except OSError:  # it has ended since
            return
        is_over = False
        while not is_over and (packet := self._packet()):
            is_over = packets.Kind(packet[:1]) in packets.LAST
            yield packet

    def _packet(self) -> bytes:
        try:
            return self._socket.recv(packets.MAX_PACKET)
        except ConnectionResetError:  # it ended with a file unread
            return b""

    def end(self) -> signal.Signals | None:
        """End it; return the signal that had ended it before, if one had."""
        self._socket.close()
        self._process.kill()
        code = self._process.wait(GONE_S)
        return signal.Signals(-code) if code < 0 else None


class DecoderProcesses:
    """Lends them. Safe to use from any thread."""

    def __init__(self) -> None:
        self._idle: list[DecoderProcess] = []
        self._lock = Lock()

    def take(self) -> DecoderProcess:
        """Return one that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, []
        alive = [process for process in idle if process.is_alive]
        for process in idle:
            if process not in alive[:1]:
                process.end()
        return alive[0] if alive else DecoderProcess()

    def give_back(self, process: DecoderProcess) -> None:
        """Keep it for the next file."""
        if process.n_files >= MAX_FILES:
            process.end()
            return
        with self._lock:
            self._idle.append(process)

    def end(self) -> None:
        """End all that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()


def _started(theirs: socket.socket) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, *_COMMAND, str(theirs.fileno())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[theirs.fileno()],
        env=_environment(),
        start_new_session=True,  # Ctrl+C is for this process to understand
    )


def _environment() -> dict[str, str]:
    """Let it find what this process finds, and compute on one thread."""
    places = os.pathsep.join(place for place in sys.path if place)
    return {**os.environ, "PYTHONPATH": places, "OPENBLAS_NUM_THREADS": "1"}


PROCESSES = DecoderProcesses()
atexit.register(PROCESSES.end)
