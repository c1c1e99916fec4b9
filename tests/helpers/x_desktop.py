"""Desktops on X: window managers with and without a compositor, real clicks, pictures."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from PySide6.QtGui import QColor, QImage
from Xlib import X
from Xlib.display import Display

from tools.fixtures.x_server import OPENBOX, x_server

WITHIN_S = 60
SIZE = (1280, 800)
PICOM = ("picom", "--backend", "xrender", "--config", "/dev/null")
MANAGERS: Mapping[str, Sequence[str]] = {
    "openbox": OPENBOX,
    "metacity": ("metacity", "--no-composite"),
}


@dataclass(frozen=True)
class XDesktop:
    """A display with a window manager; `xdotool` clicks and types as a user does."""

    display: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a program on this display."""
        unwanted = {"WAYLAND_DISPLAY"}  # the developer's own desktop is not meant
        kept = {name: value for name, value in os.environ.items() if name not in unwanted}
        return kept | {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def do(self, *arguments: object) -> str:
        """Run xdotool and return what it writes."""
        result = subprocess.run(
            ["xdotool", *map(str, arguments)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=WITHIN_S,
        )
        return result.stdout

    def click(self, x: int, y: int) -> None:
        """Click with the first button."""
        self.do("mousemove", x, y, "click", 1)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press at `start`, move on to `end`, release there."""
        half = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        self.do("mousemove", *start, "mousedown", 1, "sleep", 0.2)
        self.do("mousemove", *half, "sleep", 0.2, "mousemove", *end, "sleep", 0.2, "mouseup", 1)

    def focused(self) -> str:
        """Return the title of the window that gets the keys."""
        return self.do("getwindowfocus", "getwindowname").strip()

    def box_of(self, title: str) -> tuple[int, int, int, int] | None:
        """Return x, y, width and height of the visible window of that title, if there is one."""
        found = self.do("search", "--onlyvisible", "--name", f"^{title}$").split()
        if not found:
            return None
        shape = self.do("getwindowgeometry", "--shell", found[-1])
        values = dict(line.split("=") for line in shape.splitlines())
        return int(values["X"]), int(values["Y"]), int(values["WIDTH"]), int(values["HEIGHT"])

    def wait_for_window(self, title: str) -> tuple[int, int, int, int]:
        """Wait until a window of that title is visible and return its place and size."""
        wait_until(lambda: self.box_of(title) is not None, f"no window {title!r}")
        box = self.box_of(title)
        assert box is not None
        return box

    def picture(self, path: Path) -> QImage:
        """Take a picture of the whole screen."""
        subprocess.run(
            ["import", "-window", "root", str(path)],
            env=self.environment,
            check=True,
            timeout=WITHIN_S,
        )
        return QImage(str(path))


@contextlib.contextmanager
def x_desktop(manager: str, *, is_composited: bool) -> Iterator[XDesktop]:
    """Run a desktop: `manager` is a key of MANAGERS."""
    with x_server("x".join(map(str, SIZE)), MANAGERS[manager]) as display:
        desktop = XDesktop(display)
        with compositor(desktop) if is_composited else contextlib.nullcontext():
            yield desktop


@contextlib.contextmanager
def compositor(desktop: XDesktop) -> Iterator[None]:
    """Run picom."""
    with running(PICOM, desktop.environment):
        wait_until(lambda: _is_composited(desktop.display), "picom did not start")
        yield


class Program:
    """A running program, what is said to it and what it has answered, line by line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self._answers: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def say(self, line: str) -> None:
        """Write a line to its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        """Return the next line of its standard output."""
        return self._answers.get(timeout=WITHIN_S)

    def answers_until(self, last: str) -> list[str]:
        """Return the lines up to that one."""
        lines = [self.answer()]
        while lines[-1] != last:
            try:
                lines.append(self.answer())
            except Empty:
                raise AssertionError(f"{last!r} never came, only {lines}") from None
        return lines

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._answers.put(line.rstrip("\n"))


@contextlib.contextmanager
def running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Program]:
    """Run a program; it is ended afterwards."""
    process = subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    with process:
        try:
            yield Program(process)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


@contextlib.contextmanager
def application(desktop: XDesktop, *options: str) -> Iterator[Program]:
    """Run an ordinary application, "Below", that has the focus and tells of clicks and keys."""
    command = (sys.executable, "-m", "tests.helpers.recorder_window", "Below", *options)
    with running(command, desktop.environment) as program:
        desktop.wait_for_window("Below")
        desktop.do("search", "--name", "^Below$", "windowactivate")
        wait_until(lambda: desktop.focused() == "Below", "the application has no focus")
        yield program


def wait_until(condition: Callable[[], bool], complaint: str) -> None:
    """Wait for what another process does."""
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(complaint)
        time.sleep(0.05)


def colour_at(picture: QImage, x: int, y: int) -> str:
    """Return a pixel as `#rrggbb`."""
    return QColor(picture.pixel(x, y)).name()


def _is_composited(name: str) -> bool:
    display = Display(name)
    try:
        manager = display.intern_atom("_NET_WM_CM_S0")
        return bool(display.get_selection_owner(manager) != X.NONE)
    finally:
        display.close()
