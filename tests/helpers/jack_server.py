"""A real JACK server without hardware: a sound device that does one rate only."""

import contextlib
import os
import subprocess
from collections.abc import Iterator


@contextlib.contextmanager
def jack_server(rate: int) -> Iterator[dict[str, str]]:
    """Run jackd at `rate` Hz; yield the environment in which programs find it."""
    name = f"sotto-{os.getpid()}"
    server = subprocess.Popen(
        ["jackd", "-n", name, "--no-realtime", "-d", "dummy", "-r", str(rate), "-p", "480"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        environment = os.environ | {"JACK_DEFAULT_SERVER": name, "JACK_NO_START_SERVER": "1"}
        subprocess.run(
            ["jack_wait", "-s", name, "-w", "-t", "60"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        yield environment
    finally:
        server.terminate()
        server.wait(timeout=30)
