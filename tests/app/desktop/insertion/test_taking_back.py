"""Taking back exactly what was inserted, in programs that differ in what BackSpace takes."""

import contextlib
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, strategies

from sotto.app.core.settings import InsertMethod
from sotto.app.desktop.insertion import Outcome
from sotto.app.desktop.insertion.taking_back import Run, runs_back
from sotto.errors import InsertionError
from tests.app.desktop.insertion.conftest import Focus, OpenInserter, wait_for_text
from tools.fixtures.applications import LINES, SHELL, Application, mousepad, qt_editor, xterm

Open = Callable[[Path], contextlib.AbstractContextManager[Application]]

BEFORE = "What stays. é"
TEXTS = [
    "plain words. ",
    "é “quotes” 你好 ß",
    "e\u0301 decomposed, q\u0301 that has no composed form",
    "👍🏽",
    "a 👩‍👩‍👧 family and a 🇫🇷 flag ❤️",
    "नमस्ते दुनिया",
    "آب and בָּ",
    "two\nlines\n",
]


@pytest.mark.parametrize("open_application", [qt_editor, mousepad])
def test_exactly_the_text_is_taken_back(
    open_application: Open, open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one(InsertMethod.PASTE)
    with open_application(tmp_path) as application:
        target = focus(application)
        inserter.insert(BEFORE, target)
        for text in TEXTS:
            assert inserter.insert(text, target) is Outcome.INSERTED
            wait_for_text(application, BEFORE + unicodedata.normalize("NFC", text))
            assert inserter.delete(text, target) is Outcome.INSERTED
            wait_for_text(application, BEFORE)


@pytest.mark.parametrize(
    ("program", "texts"),
    [
        (LINES, ["plain words. ", "é “quotes” 你好", "👍🏽"]),
        (SHELL, [text for text in TEXTS if "\n" not in text]),
    ],
    ids=["kernel", "readline"],
)
def test_text_in_a_terminal_is_taken_back(
    program: str, texts: list[str], open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one()
    with xterm(tmp_path, program=program) as terminal:
        target = focus(terminal)
        for text in texts:
            for written in ("What stays.", text):
                assert inserter.insert(written, target) is Outcome.INSERTED
            assert inserter.delete(text, target) is Outcome.INSERTED
            assert inserter.insert("\n", target) is Outcome.INSERTED
        wait_for_text(terminal, "What stays.\n" * len(texts))


def test_line_that_a_terminal_has_taken_cannot_be_taken_back(
    open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one()
    with xterm(tmp_path) as terminal:
        target = focus(terminal)
        inserter.insert("ls\n", target)
        with pytest.raises(InsertionError, match="cannot be taken back"):
            inserter.delete("ls\n", target)
        wait_for_text(terminal, "ls\n")


@given(strategies.text())
def test_runs_cover_the_text(text: str) -> None:
    runs = list(runs_back(text))
    assert all(run.keys > 0 for run in runs)
    assert sum(run.keys for run in runs) <= len(text)
    assert all(one.is_marked != other.is_marked for one, other in pairwise(runs))


def test_plain_text_takes_one_run() -> None:
    assert list(runs_back("é “quotes” 你好 ß\n")) == [Run(16, is_marked=False)]
