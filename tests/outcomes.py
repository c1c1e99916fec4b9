"""What became of the tests, for programs: `--outcomes FILE` writes it as JSON: those that
passed, and those that failed, with whether each needs a desktop.

`tools/rerun_desktop.py` reads it. Nothing is written where pytest itself breaks off.
"""

import json
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--outcomes", type=Path, help="write what became of the tests as JSON")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Called once, in the process that has heard of all tests."""
    path: Path | None = config.getoption("--outcomes")
    if path is None:
        return
    failed: dict[str, bool] = {}
    for kind in ("failed", "error"):
        for report in terminalreporter.getreports(kind):
            # Of a module that cannot be imported and of a process that died there are no keywords.
            is_desktop = "desktop" in getattr(report, "keywords", ())
            failed[report.nodeid] = is_desktop and failed.get(report.nodeid, True)
    passed = [report.nodeid for report in terminalreporter.getreports("passed")]
    outcomes = {"status": int(exitstatus), "passed": passed, "failed": failed}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(outcomes), encoding="utf-8")
