"""Programs that break, each in a process of its own."""

import faulthandler
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sotto.app.core.traces import kept_traces
from sotto.app.core.traces.crash_file import KEPT, crash_files, take_note
from sotto.app.core.traces.log_file import log_folder
from tests.app.core.traces.conftest import Logged, mode

MESSAGE = "meet Anna at noon"
BEGIN = """
import gc, os, signal, sys, threading
from sotto.app.core.traces import kept_traces, logger
from sotto.errors import DeviceError

def break_it(error=ValueError):
    raise error("meet Anna at noon")

class Broken:
    def __del__(self):
        break_it()

"""


def ended(program: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run the lines within `kept_traces`."""
    lines = "\n    ".join(program.strip().splitlines())
    return subprocess.run(
        [sys.executable, "-c", f'{BEGIN}with kept_traces("test"):\n    {lines}\n'],
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )


BREAKS = {
    "main": "break_it()",
    "thread": "thread = threading.Thread(target=break_it)\nthread.start()\nthread.join()",
    "destructor": "Broken()\ngc.collect()",
    "qt slot": (
        "from PySide6.QtCore import QCoreApplication, QTimer\n"
        "app = QCoreApplication([])\n"
        "QTimer.singleShot(0, break_it)\n"
        "QTimer.singleShot(10, app.quit)\n"
        "app.exec()"
    ),
}


@pytest.mark.parametrize("program", BREAKS.values(), ids=BREAKS)
def test_what_nobody_catches_is_logged_once_and_told_once(program: str, logged: Logged) -> None:
    process = ended(program)
    assert process.stderr.count(f"ValueError: {MESSAGE}") == 1
    assert process.stderr.count("Traceback") == 1
    errors = [line for line in logged().splitlines() if " ERROR " in line]
    assert len(errors) == 1
    assert "  ValueError\n" in logged()
    assert ":7 break_it\n" in logged()
    assert "Anna" not in logged()


def test_names_are_logged_for_those_who_ask(logged: Logged) -> None:
    ended("break_it()", SOTTO_LOG="debug")
    assert f"  ValueError: {MESSAGE}\n" in logged()
    assert "with names and messages" in logged()


def test_what_the_user_is_told_is_no_defect(logged: Logged) -> None:
    ended("break_it(DeviceError)")
    assert " ERROR " not in logged()
    assert " WARNING " in logged()
    assert "  sotto.errors.DeviceError\n" in logged()
    assert "Anna" not in logged()


def test_the_end_by_the_user_is_no_defect(logged: Logged) -> None:
    assert ended("raise KeyboardInterrupt").returncode == -signal.SIGINT
    assert " ERROR " not in logged()


def test_a_crash_leaves_where_all_threads_were() -> None:
    process = ended("def crash():\n    os.kill(os.getpid(), signal.SIGSEGV)\ncrash()")
    assert process.returncode == -signal.SIGSEGV
    (file,) = crash_files(log_folder())
    assert "Segmentation fault" in file.read_text()
    assert " in crash\n" in file.read_text()
    assert mode(file) == 0o600


def test_a_crash_is_new_once() -> None:
    ended("os.abort()")
    assert [take_note(log_folder()) for _ in range(2)] == [1, 0]
    ended("os.abort()")
    assert take_note(log_folder()) == 1
    assert len(crash_files(log_folder())) == 2


def test_old_crashes_and_what_other_ends_leave_are_removed() -> None:
    for _ in range(KEPT + 2):
        ended("os._exit(0)")
        ended("os.abort()")
    ended("pass")
    left = [file for file in log_folder().iterdir() if file.name.startswith("crash")]
    assert len(left) == KEPT
    assert left == [file for file in left if "Aborted" in file.read_text()]


def test_the_crash_file_of_another_that_runs_stays() -> None:
    program = f'{BEGIN}with kept_traces("test"):\n    print(flush=True)\n    sys.stdin.read()\n'
    running = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert running.stdout is not None
    running.stdout.readline()
    ended("pass")
    assert len(list(log_folder().glob("crash-*.txt"))) == 1
    running.communicate()
    assert not list(log_folder().glob("crash-*.txt"))


def test_a_command_runs_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    process = ended('print("done")', XDG_STATE_HOME=str(tmp_path / "file"))
    assert (process.returncode, process.stdout, process.stderr) == (0, "done\n", "")


def test_afterwards_nothing_is_left_of_it(logged: Logged) -> None:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook, faulthandler.is_enabled()
    with kept_traces("test"):
        assert sys.excepthook is not before[0]
    after = sys.excepthook, threading.excepthook, sys.unraisablehook, faulthandler.is_enabled()
    assert after == before
    assert [line.split("] ")[1] for line in logged().splitlines()] == [
        f"test begins: Sotto 0.1.0, Python {sys.version.split()[0]}",
        "test ends",
    ]


def test_programs_that_use_sottos_modules_are_not_told_of_warnings() -> None:
    program = f'{BEGIN}logger("sotto.x").warning("quiet")'
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (told.stdout, told.stderr) == ("", "")
    assert not log_folder().exists()
