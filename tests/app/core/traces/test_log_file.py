import logging
import multiprocessing
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from sotto.app.core.traces.discreet import DiscreetFormatter
from sotto.app.core.traces.log_file import (
    KEPT,
    BackgroundLog,
    Line,
    LogFile,
    log_files,
    log_folder,
)
from sotto.private_folder import make_private_folder
from tests.app.core.traces.conftest import Logged, mode, record

N_PROCESSES = 3
N_LINES = 400


def log_file(largest: int = 1 << 20) -> LogFile:
    make_private_folder(log_folder())
    return LogFile(log_folder(), DiscreetFormatter(), largest)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o377, 0o777])
def test_files_are_the_users_alone_whatever_the_umask_and_after_rotation(
    umask: Callable[[int], int], mask: int
) -> None:
    make_private_folder(log_folder())  # those above it are the system's, made as it says
    umask(mask)
    log = log_file(largest=1)
    for number in range(KEPT + 2):
        log.append(log.line(record("%d", number)))
    assert [mode(file) for file in log_folder().iterdir()] == [0o600] * KEPT
    assert mode(log_folder()) == 0o700


def test_files_that_others_may_read_are_made_private(logged: Logged) -> None:
    log_folder().mkdir(mode=0o755, parents=True)
    (log_folder() / "sotto.log").touch(mode=0o644)
    log = log_file()
    log.append(log.line(record("anew")))
    assert mode(log_folder()) == 0o700
    assert mode(log_folder() / "sotto.log") == 0o600


def test_the_log_never_grows_large_and_keeps_the_newest(logged: Logged) -> None:
    log = log_file(largest=1000)
    for number in range(200):
        log.append(log.line(record("line %d.", number)))
    files = log_files(log_folder())
    assert len(files) == KEPT
    assert all(1000 <= file.stat().st_size < 1200 for file in files[:-1])
    assert files[-1].stat().st_size < 1000
    numbers = [int(line.split()[-1][:-1]) for line in logged().splitlines()]
    assert numbers == list(range(numbers[0], 200))


def write_many(process: int, largest: int) -> None:
    log = log_file(largest)
    for number in range(N_LINES):
        log.append(log.line(record("%d %d", process, number)))


def test_processes_that_write_at_once_lose_and_mix_no_line(
    monkeypatch: pytest.MonkeyPatch, logged: Logged
) -> None:
    # As many files as all lines need, so that none is removed for its age.
    monkeypatch.setattr("sotto.app.core.traces.log_file.KEPT", 1000)
    fork = multiprocessing.get_context("fork")
    writing = [fork.Process(target=write_many, args=(each, 2000)) for each in range(N_PROCESSES)]
    for process in writing:
        process.start()
    for process in writing:
        process.join()
    lines = Counter(line.partition("] ")[2] for line in logged().splitlines())
    expected = {f"{each} {number}" for each in range(N_PROCESSES) for number in range(N_LINES)}
    assert set(lines) == expected
    assert set(lines.values()) == {1}
    assert len(log_files(log_folder())) > N_PROCESSES  # it was rotated meanwhile


def test_what_fails_again_and_again_is_written_once_with_the_number(logged: Logged) -> None:
    log = log_file()
    for _ in range(50):
        log.append(log.line(record("no answer", level=logging.ERROR)))
    log.append(log.line(record("another", level=logging.ERROR)))
    log.append(log.line(record("another", level=logging.ERROR)))
    log.close()
    lines = logged().splitlines()
    assert [line.partition("] ")[2] or line for line in lines] == [
        "no answer",
        "    … 49 times more",
        "another",
        "    … 1 times more",
    ]


def test_where_nothing_can_be_written_nobody_is_disturbed(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = LogFile(tmp_path / "missing", DiscreetFormatter())
    log.append(log.line(record("lost")))
    (tmp_path / "sotto.log").symlink_to("/dev/full")
    log = LogFile(tmp_path, DiscreetFormatter())
    log.append(log.line(record("lost")))
    assert capfd.readouterr() == ("", "")


class StuckFile(LogFile):
    """Lies on a disk that does not answer until it is let go."""

    goes_on = threading.Event()

    def append(self, line: Line) -> None:
        self.goes_on.wait()
        super().append(line)


def test_whoever_logs_waits_for_no_disk(logged: Logged) -> None:
    make_private_folder(log_folder())
    file = StuckFile(log_folder(), DiscreetFormatter())
    log = BackgroundLog(file)
    for number in range(10):
        log.emit(record("line %d", number))
    assert logged() == ""
    file.goes_on.set()
    log.close()
    assert [line[-1] for line in logged().splitlines()] == [str(number) for number in range(10)]


def test_what_is_logged_cannot_be_what_keeps_an_error_alive(logged: Logged) -> None:
    make_private_folder(log_folder())
    file = StuckFile(log_folder(), DiscreetFormatter())
    file.goes_on = threading.Event()
    log = BackgroundLog(file)
    error = ValueError()
    counted = sys.getrefcount(error)
    failed = record("failed")
    failed.exc_info = (ValueError, error, None)
    log.emit(failed)
    del failed
    assert sys.getrefcount(error) == counted
    file.goes_on.set()
    log.close()
    assert "ValueError" in logged()
