"""Every command with hostile arguments, environments, files and streams: the short form."""

import json
import subprocess
import sys

import pytest

from sotto.app.cli import failure
from tools.fixtures.forked_command import Ended, Stream
from tools.hostile.case import Case
from tools.hostile.faults import fault_of
from tools.hostile.regressions import REGRESSIONS

N_RANDOM, FIRST = 30, 200  # among these are none that transcribe for long
ENDS = {"done", "one clear line"}


@pytest.mark.real_model  # its process finds them
def test_whatever_is_given_there_is_one_clear_line() -> None:
    command = [
        sys.executable,
        "-m",
        "tools.fuzz_commands",
        "--regressions",
        f"--first={FIRST}",
        "--runs",
    ]
    ended = subprocess.run(
        [*command, str(N_RANDOM)], capture_output=True, text=True, check=True, timeout=600
    )
    *faults, figures = ended.stdout.splitlines()
    assert faults == []
    counts = json.loads(figures)
    assert sum(counts.get(end, 0) for end in ENDS) == counts["tried"]
    assert counts["tried"] == N_RANDOM + len(REGRESSIONS)


@pytest.mark.parametrize(
    ("ended", "fault"),
    [
        (Ended(0, "text\n", ""), ""),
        (Ended(2, "", "sotto: “x” does not exist\n"), ""),
        (Ended(2, "", ""), "unclear"),
        (Ended(2, "", "usage\n"), "unclear"),
        (Ended(None, "", ""), "hang"),
        (Ended(-11, "", ""), "signal"),
        (Ended(1, "", "Traceback (most recent call last):\n"), "traceback"),
        (Ended(120, "", "Exception ignored in: <stdout>\n"), "traceback"),
        (Ended(2, "", f"sotto: {failure.in_words(KeyError('x'))}\n"), "defect"),
        (Ended(2, "", "sotto: \x1b[2J\n"), "escape"),
        (Ended(0, '{"a": "\\u001b"}\n', ""), ""),
        (Ended(1, "", "sotto: x\n"), "code"),
    ],
)
def test_what_is_wrong_is_seen(ended: Ended, fault: str) -> None:
    assert fault_of(Case(("devices",)), ended) == fault


def test_what_cannot_be_told_is_no_fault() -> None:
    assert fault_of(Case((), err=Stream.CLOSED), Ended(2, "", "")) == ""
