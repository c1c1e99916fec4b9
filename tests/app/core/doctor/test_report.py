from pathlib import Path

import pytest

from sotto.app.core.doctor import Finding, State, report
from sotto.app.core.doctor.report import HOLDS
from sotto.app.core.settings import Settings
from sotto.app.core.traces import kept_traces
from sotto.app.core.traces.log_file import log_folder

MICROPHONE = Finding("Microphone “Anna”", State.OK, "Anna, USB", private=("Anna",))
SEGV = f"""Fatal Python error: Segmentation fault

Thread 0x01 (most recent call first):
  File "{Path(report.__code__.co_filename)}", line 3 in inner
  File "/home/anna/x.py", line 4 in outer
"""


@pytest.fixture(autouse=True)
def in_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("SOTTO_LOG", raising=False)


def part(text: str, title: str) -> str:
    return text.partition(f"## {title}")[2].partition("##")[0]


def test_all_is_in_it_and_no_name() -> None:
    with kept_traces("test"):
        pass
    (log_folder() / "crash-20260101-120000-1.txt").write_text(SEGV)
    settings = Settings(vocabulary=("Anna",), font_size=20, model="base")
    text = report([MICROPHONE], settings)
    assert HOLDS in text
    assert "Processor: " in part(text, "Machine")
    assert part(text, "Findings").split("```")[1].strip() == "ok      Microphone […]: […], USB"
    assert "font_size = 20\nvocabulary = 1 of them\n" in part(text, "Settings")
    assert "test begins: Sotto" in part(text, "Log")
    assert 'File "sotto/app/core/doctor/report.py", line 3 in inner' in part(text, "Crash")
    assert 'File "elsewhere", line 4 in outer' in part(text, "Crash")
    assert "anna" not in text.lower()
    assert "SOTTO_LOG" not in text


def test_a_log_with_names_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTTO_LOG", "debug")
    with kept_traces("test"):
        pass
    assert "SOTTO_LOG=debug: the log may hold text and names" in report([], Settings())


def test_of_a_long_log_the_newest_lines_are_in_it() -> None:
    log_folder().mkdir(parents=True)
    for name, numbers in (("sotto.log.1", range(5000)), ("sotto.log", range(5000, 10_000))):
        (log_folder() / name).write_text("".join(f"line {number}\n" for number in numbers))
    lines = part(report([], Settings()), "Log").split("```")[1].strip().splitlines()
    n_left_out = int(lines[0].split()[1])
    assert lines[0] == f"… {n_left_out} earlier lines"
    assert lines[1:] == [f"line {number}" for number in range(n_left_out, 10_000)]
    assert 30_000 < sum(map(len, lines)) < 41_000


def test_where_nothing_was_kept_the_report_says_so() -> None:
    assert part(report([], Settings()), "Log").split("```")[1].strip() == "none"
