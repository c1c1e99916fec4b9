"""A real X server with a real window manager, on a display of its own."""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Sequence

STARTS_WITHIN_S = 60
OPENBOX = ("openbox", "--sm-disable")


@contextlib.contextmanager
def x_server(size: str = "1600x1200", manager: Sequence[str] = OPENBOX) -> Iterator[str]:
    """Run Xvfb and a window manager and yield the display, such as `:7`; both end afterwards."""
    reader, writer = os.pipe()
    # Xvfb itself picks a free display and writes its number to -displayfd. Without -noreset it
    # throws out whoever is just connecting when the last other client leaves.
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-noreset", "-nolisten", "tcp", *_screen(size)],
        pass_fds=[writer],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader, encoding="ascii") as numbers:
            number = numbers.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start; is the package xvfb installed?")
        with _window_manager(f":{number}", manager):
            yield f":{number}"
    finally:
        _end(server)


def _screen(size: str) -> tuple[str, ...]:
    return "-screen", "0", f"{size}x24"


@contextlib.contextmanager
def _window_manager(display: str, command: Sequence[str]) -> Iterator[None]:
    manager = subprocess.Popen(
        command,
        env=os.environ | {"DISPLAY": display},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for_manager(display, command[0], manager)
        yield
    finally:
        _end(manager)


def _wait_for_manager(display: str, name: str, manager: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while True:
        found = subprocess.run(
            ["xprop", "-display", display, "-root", "_NET_SUPPORTING_WM_CHECK"],
            capture_output=True,
            text=True,
            check=False,
        )
        if "window id" in found.stdout:
            return
        if manager.poll() is not None or time.monotonic() > deadline:
            break
        time.sleep(0.05)
    raise RuntimeError(
        f"{name} did not start on {display} (it ended with {manager.poll()}, xprop says "
        f"“{found.stderr.strip()}”); are {name} and x11-utils installed?"
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
