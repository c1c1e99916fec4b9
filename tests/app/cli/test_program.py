"""Whatever a command raises, its user reads one line; a defect leaves its trace in the log."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sotto.app.cli import devices, main
from sotto.app.core.traces.log_file import log_files, log_folder
from sotto.errors import DeviceError
from tests.app.cli.conftest import Sotto, refused

SAID = "what was said"


class Raising:
    """A command that fails."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __call__(self, _arguments: object) -> int:
        raise self._error


def error_of_name(number: int, name: str | bytes | None) -> OSError:
    return OSError(number, os.strerror(number), name)


@pytest.fixture(autouse=True)
def own_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DeviceError("no microphone"), "no microphone"),
        (error_of_name(errno.EACCES, "/a/b"), "/a/b cannot be used (permission denied); change"),
        (error_of_name(errno.ENAMETOOLONG, b"/\xff"), "(file name too long); give a shorter name"),
        (error_of_name(errno.ENOSPC, None), "something that Sotto needs cannot be used (no space"),
        (OSError("odd"), "cannot be used (odd); check it, then try again"),
        (MemoryError(), "not enough memory"),
        (RecursionError("maximum"), "nested too deeply"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "not text in UTF-8"),
        (DeviceError("two\nlines \x1b[2J"), "two lines �[2J"),
    ],
    ids=repr,
)
def test_what_is_nobodys_defect_is_one_line_and_leaves_no_trace(
    error: Exception,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(devices, "run", Raising(error))
    assert main(["devices"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("sotto: ")
    assert said in err
    assert err.count("\n") == 1
    assert log_files(log_folder()) == []


@pytest.mark.parametrize("error", [KeyError(SAID), RuntimeError(SAID), AssertionError(SAID)])
def test_a_defect_is_one_line_and_its_trace_is_in_the_log(
    error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "run", Raising(error))
    assert main(["devices"]) == 2
    _, err = capsys.readouterr()
    assert err.startswith(f"sotto: something went wrong inside Sotto ({type(error).__name__})")
    assert err.count("\n") == 1
    (log,) = log_files(log_folder())
    assert f"ERROR sotto.app.core.traces.kept [MainThread] devices ends: not caught\n  {type(error).__name__}" in log.read_text()  # fmt: skip # noqa: E501
    assert "test_program.py" not in err
    assert SAID not in err + log.read_text()


def test_ctrl_c_is_no_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "run", Raising(KeyboardInterrupt()))
    assert main(["devices"]) == 130
    assert capsys.readouterr() == ("", "")


def sotto(environment: dict[str, str], redirected: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["bash", "-c", f'"$0" -m sotto {redirected}', sys.executable],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("command", ["--version", "--help", "models list"])
def test_a_full_output_is_told(environment: dict[str, str], command: str) -> None:
    result = sotto(environment, f"{command} > /dev/full")
    assert "the standard output cannot be written (no space left on device)" in refused(result)
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["--version", "models list"])
def test_a_closed_output_is_told(environment: dict[str, str], command: str) -> None:
    assert "cannot be written (bad file descriptor)" in refused(
        sotto(environment, f"{command} >&-")
    )


def test_a_closed_stream_is_not_taken_for_a_file_that_is_opened_later(
    environment: dict[str, str], tmp_path: Path
) -> None:
    result = sotto(environment, f"doctor --report {tmp_path}/report <&- >&- 2>&-")
    assert result.returncode == 0
    assert (tmp_path / "report").read_text().startswith("# ") or (
        tmp_path / "report"
    ).stat().st_size


def test_a_name_that_is_no_text_is_shown_as_far_as_it_is(sotto_program: Sotto) -> None:
    line = refused(sotto_program("transcribe", os.fsdecode(b"\xff\x1b[2J.wav")))
    assert "“��[2J.wav” does not exist" in line


def test_what_is_told_is_not_lost_while_libraries_are_kept_quiet() -> None:
    code = """
import os
from sotto.app.cli import terminal
terminal.prepare()
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
os.write(2, b"from a library")
terminal.tell("from us")
"""
    told = subprocess.run(
        [sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, check=True
    )
    assert told.stderr == "sotto: from us\n"
