"""Real programs to write into, each in a process of its own, that can be read back."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.helpers import text_editor


@dataclass(frozen=True)
class Application:
    """A running program: the title of its window, and a way to read what was written into it."""

    title: str
    read: Callable[[], str]
    process: "subprocess.Popen[bytes]"


@contextlib.contextmanager
def qt_editor(
    folder: Path, title: str = "Qt editor", kind: str = "lines", **environ: str
) -> Iterator[Application]:
    """An editor in Qt; it writes its text to a file whenever that changes."""
    path = folder / f"{title}.txt"
    path.write_text("")
    with running(
        [sys.executable, text_editor.__file__, str(path), title, kind], **environ
    ) as process:
        yield Application(title, lambda: path.read_text("utf-8"), process)


@contextlib.contextmanager
def mousepad(folder: Path) -> Iterator[Application]:
    """A text editor in GTK; reading it means saving."""
    path = folder / "mousepad.txt"
    path.write_text("")

    def read() -> str:
        # Ctrl+S saves; the old content is there until that is done.
        subprocess.run(["xdotool", "key", "ctrl+s"], check=True)
        return path.read_text("utf-8")

    with running(["mousepad", "--disable-server", str(path)]) as process:
        yield Application(path.name, read, process)


# What may run in a terminal, and how it writes to $FILE what it is given.
RAW = 'stty raw -echo; exec cat > "$FILE"'  # each key at once
LINES = 'stty icanon iutf8; exec cat > "$FILE"'  # lines, edited by the kernel
SHELL = 'exec bash -c \'while read -e line; do echo "$line" >> "$FILE"; done\''  # by readline


@contextlib.contextmanager
def xterm(
    folder: Path, title: str = "xterm", resources: str = "", program: str = RAW
) -> Iterator[Application]:
    """A terminal in which `program` writes to a file."""
    path = folder / f"{title}.txt"
    path.write_text("")

    def read() -> str:
        # In raw mode Return arrives as such.
        return path.read_bytes().decode("utf-8").replace("\r", "\n")

    options = ["-u8", "-title", title, "-xrm", resources]
    with running(["xterm", *options, "-e", "sh", "-c", program], FILE=str(path)) as process:
        yield Application(title, read, process)


@contextlib.contextmanager
def running(command: Sequence[str], **environ: str) -> "Iterator[subprocess.Popen[bytes]]":
    """Run `command` in UTF-8 and, unless `environ` says otherwise, without a session bus."""
    quiet = {
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        "GSETTINGS_BACKEND": "memory",
        "LC_ALL": "C.UTF-8",
        "NO_AT_BRIDGE": "1",
    }
    process = subprocess.Popen(
        command,
        env=os.environ | quiet | environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
