"""`.ci/run` on a small project whose tests fail in every way that tests can."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.rerun_desktop import Outcomes

ROOT = Path(__file__).parents[2]

MAKEFILE = "test:\n\t$(LINT) && .venv/bin/python -m pytest -n 1 --outcomes=$(OUTCOMES)\n"
CONFIGURATION = """[pytest]
testpaths = tests
pythonpath = .
markers = desktop
"""
CONFTEST = "from tests.outcomes import pytest_addoption, pytest_terminal_summary"
PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "xdist"}  # Qt takes seconds
HEAD = "import os, pytest\nfrom pathlib import Path\n\n"

PASSES = "def test_passes(): pass\n"
FAILS = "def test_fails(): assert False\n"
ON_A_DESKTOP = "@pytest.mark.desktop\n"
FAILS_ONCE = """def test_fails_once():
    was_here = Path("was_here").exists()
    Path("was_here").touch()
    assert was_here
"""
THEN_SKIPS = """def test_then_skips():
    if Path("was_here").exists():
        pytest.skip("no screen")
    Path("was_here").touch()
    assert False
"""
DIES_ONCE = FAILS_ONCE.replace("assert was_here", "was_here or os._exit(1)")
FAILS_AFTERWARDS = """@pytest.fixture
def broken():
    yield
    assert False

@pytest.mark.desktop
def test_fails_afterwards(broken): pass
"""


def ci(folder: Path, tests: str, lint: str = "true") -> "subprocess.CompletedProcess[str]":
    (folder / "tests").mkdir()
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "tools").symlink_to(ROOT / "tools")
    (folder / "tests" / "outcomes.py").symlink_to(ROOT / "tests" / "outcomes.py")
    (folder / "tests" / "conftest.py").write_text(CONFTEST)
    (folder / "tests" / "test_some.py").write_text(HEAD + tests)
    (folder / "pytest.ini").write_text(CONFIGURATION)
    (folder / "Makefile").write_text(MAKEFILE)
    environment = {name: os.environ[name] for name in os.environ if "PYTEST" not in name}
    return subprocess.run(
        [folder / ".ci" / "run"],
        env=environment | PLUGINS | {"LINT": lint},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_pass_is_a_pass(tmp_path: Path) -> None:
    done = ci(tmp_path, PASSES)
    assert done.returncode == 0
    assert "1 passed" in done.stdout
    assert "Once more" not in done.stdout


def test_a_test_that_needs_a_desktop_may_fail_once_and_it_is_said(tmp_path: Path) -> None:
    done = ci(tmp_path, PASSES + ON_A_DESKTOP + FAILS_ONCE)
    assert done.returncode == 0, done.stdout
    assert "1 tests failed that need a desktop" in done.stdout
    assert "  tests/test_some.py::test_fails_once\n" in done.stdout
    assert "1 failed, 1 passed" in done.stdout
    assert "The second time, these tests passed." in done.stdout


@pytest.mark.parametrize(
    ("tests", "is_run_again"),
    [
        pytest.param(FAILS, False, id="any other test"),
        pytest.param(FAILS_ONCE, False, id="any other test, once"),
        pytest.param(FAILS + ON_A_DESKTOP + FAILS_ONCE, False, id="another test too"),
        pytest.param(ON_A_DESKTOP + FAILS, True, id="twice"),
        pytest.param(ON_A_DESKTOP + THEN_SKIPS, True, id="and skips itself then"),
        pytest.param(ON_A_DESKTOP + DIES_ONCE, False, id="the process died"),
        pytest.param(FAILS_AFTERWARDS, True, id="after the test"),
        pytest.param("import nothing_of_that_name\n", False, id="no import"),
        pytest.param("", False, id="no tests"),
        pytest.param("pytest.exit('broken off', 0)\n", False, id="broken off"),
    ],
)
def test_whatever_else_fails_is_a_failure(tmp_path: Path, tests: str, is_run_again: bool) -> None:
    done = ci(tmp_path, tests)
    assert done.returncode != 0, done.stdout
    assert ("Once more" in done.stdout) == is_run_again


def test_nothing_is_run_again_where_no_test_ran(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    stale = {"status": 1, "passed": [], "failed": {"tests/test_some.py::test_passes": True}}
    (tmp_path / "build" / "test-outcomes.json").write_text(json.dumps(stale))
    done = ci(tmp_path, PASSES, lint="false")
    assert done.returncode != 0
    assert "passed" not in done.stdout


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"status": 1, "pas'])
def test_half_a_file_excuses_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "outcomes.json"
    path.write_text(text)
    assert not Outcomes.read(path).may_be_chance
    assert not Outcomes.read(path).excuses({"a": True})
