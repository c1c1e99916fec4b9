"""Text goes where it was meant to go, or nowhere."""

from pathlib import Path

import pytest

from sotto.app.core.settings import InsertMethod
from sotto.app.desktop.insertion import Outcome
from sotto.app.desktop.insertion.on_x11.x11_windows import Windows
from sotto.errors import InsertionError
from tests.app.desktop.insertion.conftest import Focus, OpenInserter, wait_for_text, wait_until
from tools.fixtures.applications import mousepad, qt_editor, xterm


@pytest.mark.parametrize("method", [InsertMethod.PASTE, InsertMethod.TYPE])
def test_nothing_is_written_once_the_focus_has_moved(
    method: InsertMethod, open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one(method)
    with qt_editor(tmp_path, "First") as first, qt_editor(tmp_path, "Second") as second:
        meant = focus(first)
        other = focus(second)
        assert inserter.insert("for the first", meant) is Outcome.MOVED
        assert inserter.delete("for the first", meant) is Outcome.MOVED
        # What follows would come after it.
        assert inserter.insert("for the second", other) is Outcome.INSERTED
        wait_for_text(second, "for the second")
        assert first.read() == ""


def test_window_that_is_gone_gets_nothing(
    open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one()
    with qt_editor(tmp_path) as editor:
        target = focus(editor)
    wait_until(lambda: inserter.focused() != target)
    assert inserter.insert("too late", target) is Outcome.MOVED


def test_focus_that_moves_while_typing_stops_it(
    open_one: OpenInserter, focus: Focus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inserter = open_one(InsertMethod.TYPE)
    with qt_editor(tmp_path, "First") as first, qt_editor(tmp_path, "Second") as second:
        focus(second)
        target = focus(first)
        looks = iter([True, True, True, False])  # before all, and before each piece
        monkeypatch.setattr(Windows, "is_focused", lambda *_: next(looks))
        with pytest.raises(InsertionError, match="First has only the first 80 of 200 characters"):
            inserter.insert("a" * 200, target)
        wait_for_text(first, "a" * 80)


def test_focused_names_the_application(
    open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    with mousepad(tmp_path) as editor:
        assert focus(editor).application == "Mousepad"
    with xterm(tmp_path) as terminal:
        assert focus(terminal).application == "XTerm"
    with qt_editor(tmp_path, "Grüße, 你好") as editor:
        assert focus(editor).title == "Grüße, 你好"
