"""Worker processes: started, asked, waited for until they are idle, and ended."""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

REPOSITORY = Path(__file__).parents[2]

# After a call the thread pools of some programs spin on for up to 0.2 s (OpenMP's block time).
IDLE_WINDOW_S = 0.01
IDLE_CPU_S = 0.001  # of that window
IDLE_LIMIT_S = 3.0

CPUCLOCK_SCHED = 2  # Linux: the processor time of a whole process, in nanoseconds


class WorkerError(Exception):
    """A program could not do what it was asked to; the message is its own."""


class WorkerProcess:
    """One program in a process of its own. Owned by one thread."""

    def __init__(self, program: str, python: str, threads: int) -> None:
        command = [python, "-m", "tools.peers.worker", program]
        # Torch, CTranslate2 and ggml take their pools from OpenMP, and numpy has one of its own.
        pools = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
        self._process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=os.environ | pools | {"HF_HUB_OFFLINE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, method: str, **fields: Any) -> dict[str, Any]:
        """Send one request and return its answer.

        Raises:
            WorkerError: The program failed or is gone.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"method": method} | fields) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise WorkerError(self._last_words()) from None
        line = self._process.stdout.readline()
        if not line:
            raise WorkerError(self._last_words())
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise WorkerError(reply["error"])
        return reply

    def settle(self) -> None:
        """Wait until no thread of it computes any more.

        Raises:
            WorkerError: It does not come to rest.
        """
        deadline = time.monotonic() + IDLE_LIMIT_S
        before = self._cpu_s()
        while time.monotonic() < deadline:
            time.sleep(IDLE_WINDOW_S)
            now = self._cpu_s()
            if now - before < IDLE_CPU_S:
                return
            before = now
        raise WorkerError(f"its threads are still busy {IDLE_LIMIT_S} s after an answer")

    def close(self) -> None:
        """End it."""
        self._process.communicate()
        self._log.close()

    def _last_words(self) -> str:
        self._process.wait()
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").split("\n")
        return f"it ended with exit code {self._process.returncode}: {''.join(lines[-2:])}"

    def _cpu_s(self) -> float:
        """Return the processor time of all its threads (clock_getcpuclockid(3))."""
        return time.clock_gettime((~self._process.pid << 3) | CPUCLOCK_SCHED)
