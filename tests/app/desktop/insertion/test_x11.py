"""Text into real programs on a real X server."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from sotto.app.core.settings import InsertMethod
from sotto.app.desktop.insertion import Outcome
from tests.app.desktop.insertion.conftest import (
    Focus,
    OpenInserter,
    wait_for_text,
)
from tests.helpers import x_clipboard
from tests.helpers.clipboard_watcher import clipboard_watcher
from tools.fixtures.applications import Application, mousepad, qt_editor, xterm

SAMPLE = "Sotto é “quotes” — 你好 🙂👍🏽 Straße\nA second line,\ttabbed. "
PASTE_KEYS = "XTerm*VT100.translations: #override Ctrl Shift <Key>V: insert-selection(CLIPBOARD)"

Open = Callable[[Path], contextlib.AbstractContextManager[Application]]


def xterm_that_pastes(folder: Path) -> contextlib.AbstractContextManager[Application]:
    return xterm(folder, resources=PASTE_KEYS)


@pytest.mark.parametrize(
    ("open_application", "method"),
    [
        (qt_editor, InsertMethod.PASTE),
        (qt_editor, InsertMethod.TYPE),
        (mousepad, InsertMethod.PASTE),
        (mousepad, InsertMethod.TYPE),
        (xterm_that_pastes, InsertMethod.TERMINAL_PASTE),
        (xterm, InsertMethod.TYPE),
        (xterm, InsertMethod.AUTO),
    ],
)
def test_unicode_arrives_intact(
    open_application: Open,
    method: InsertMethod,
    open_one: OpenInserter,
    focus: Focus,
    tmp_path: Path,
) -> None:
    inserter = open_one(method)
    with open_application(tmp_path) as application:
        target = focus(application)
        for _ in range(3):
            assert inserter.insert(SAMPLE, target) is Outcome.INSERTED
        wait_for_text(application, SAMPLE * 3)


@pytest.mark.parametrize(
    ("target", "data"),
    [
        ("UTF8_STRING", "what the user had copied: é 你好".encode()),
        ("image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20_000),
    ],
)
@pytest.mark.parametrize("open_application", [qt_editor, mousepad])
def test_clipboard_is_back_afterwards(  # noqa: PLR0917  # fixtures
    target: str,
    data: bytes,
    open_application: Open,
    open_one: OpenInserter,
    focus: Focus,
    tmp_path: Path,
) -> None:
    inserter = open_one()
    with open_application(tmp_path) as application:
        window = focus(application)
        x_clipboard.put(data, target)
        for _ in range(2):
            assert inserter.insert("dictated", window) is Outcome.INSERTED
        wait_for_text(application, "dictateddictated")
        assert x_clipboard.get(target) == data
        assert x_clipboard.get("x-kde-passwordManagerHint") is None


def curious_editor(folder: Path) -> contextlib.AbstractContextManager[Application]:
    return qt_editor(folder, kind="curious")


@pytest.mark.parametrize("open_application", [qt_editor, mousepad, curious_editor])
def test_200_pastes_beside_a_clipboard_manager(
    open_application: Open, open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one()
    x_clipboard.put(b"the user's own")
    sentences = [f"Sentence {number}: é, “quotes”, 你好. " for number in range(200)]
    with open_application(tmp_path) as editor, clipboard_watcher() as seen:
        target = focus(editor)
        for sentence in sentences:
            assert inserter.insert(sentence, target) is Outcome.INSERTED
        wait_for_text(editor, "".join(sentences))
        assert x_clipboard.get() == b"the user's own"
    assert "the user's own" in seen
    assert not set(sentences) & set(seen), "the manager was given what was dictated"
