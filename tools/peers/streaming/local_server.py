"""Servers of programs under comparison, on this machine. Nothing here imports Sotto."""

import socket
import time


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def wait_for_port(host: str, port: int, within_s: float) -> None:
    """Wait until a server answers.

    Raises:
        TimeoutError: it does not in time.
    """
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, port), timeout=1.0).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"no server on port {port} after {within_s} s")
