"""Sotto itself in a process of its own, as a user starts it."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

STARTS_WITHIN_S = 120


class RunningSotto:
    """Sotto that runs, steered as scripts steer it."""

    def __init__(self, process: "subprocess.Popen[str]", environ: dict[str, str]) -> None:
        self.process = process
        self.environ = environ

    def record(self, *arguments: str) -> str:
        """Return what `sotto record …` writes."""
        command = [sys.executable, "-m", "sotto", "record", *arguments]
        return subprocess.run(
            command, env=self.environ, capture_output=True, text=True, check=True
        ).stdout

    def wait_for_state(self, state: str) -> None:
        """Wait until `sotto record status` says so."""
        deadline = time.monotonic() + STARTS_WITHIN_S
        while (now := self.record("status").strip()) != state:
            if time.monotonic() > deadline:
                raise AssertionError(f"it is {now}, not {state}")
            time.sleep(0.05)


@contextlib.contextmanager
def running_sotto(
    folder: Path, *arguments: str, environ: dict[str, str] | None = None, **settings: str
) -> Iterator[RunningSotto]:
    """Run Sotto with folders of its own and these settings, and end it as log-out does.

    Args:
        folder: for settings and texts.
        arguments: of `sotto`.
        environ: of its desktop; None is this process's.
        settings: by name, as the environment has them.
    """
    own = (environ or dict(os.environ)) | {
        "SOTTO_CONFIG_DIR": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "SOTTO_WAS_WELCOMED": "true",
        "SOTTO_CUES": "false",
    }
    own |= {f"SOTTO_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "sotto", *arguments],
        env=own,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    sotto = RunningSotto(process, own)
    try:
        _wait_for_answer(sotto)
        yield sotto
        process.terminate()
        out, errors = process.communicate(timeout=STARTS_WITHIN_S)
        assert (process.returncode, out, errors) == (0, "", "")
    finally:
        process.kill()
        process.communicate()


def _wait_for_answer(sotto: RunningSotto) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while True:
        with contextlib.suppress(subprocess.CalledProcessError):
            sotto.record("status")
            return
        if time.monotonic() > deadline or sotto.process.poll() is not None:
            raise AssertionError(f"Sotto did not start: {sotto.process.communicate()}")
        time.sleep(0.05)
