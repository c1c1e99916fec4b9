"""The clipboard is the user's: whatever happens, it holds what they put there."""

import signal
import subprocess
from pathlib import Path

import pytest
from Xlib.display import Display

from sotto.app.core.settings import InsertMethod
from sotto.app.desktop.insertion import Outcome
from sotto.app.desktop.insertion.on_x11 import x11_inserter as x11
from sotto.app.desktop.insertion.on_x11.selection import reader
from sotto.app.desktop.insertion.on_x11.x11_clipboard import Clipboard
from sotto.app.desktop.insertion.on_x11.xtest_keyboard import Keyboard
from sotto.errors import InsertionError
from tests.app.desktop.insertion.conftest import Focus, OpenInserter, wait_for_text, wait_until
from tests.helpers import x_clipboard
from tests.helpers.clipboard_program import playing
from tools.fixtures.applications import mousepad, qt_editor


def owner() -> int:
    display = Display()
    try:
        found = display.get_selection_owner(display.get_atom("CLIPBOARD"))
        return found if isinstance(found, int) else found.id
    finally:
        display.close()


def contents() -> dict[str, bytes | None]:
    targets = (x_clipboard.get("TARGETS") or b"").decode().split()
    requests = {"TARGETS", "TIMESTAMP", "MULTIPLE", "SAVE_TARGETS"}
    return {target: x_clipboard.get(target) for target in targets if target not in requests}


def test_every_format_is_back(open_one: OpenInserter, focus: Focus, tmp_path: Path) -> None:
    inserter = open_one()
    with mousepad(tmp_path) as editor:
        target = focus(editor)
        with playing("owner"):
            before = contents()
            assert {"text/html", "image/png", "application/x-sotto-test"} <= before.keys()
            assert inserter.insert("dictated", target) is Outcome.INSERTED
        # Whoever had it may be gone by now.
        assert contents() == before


def test_empty_clipboard_is_empty_afterwards(
    open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one()
    with qt_editor(tmp_path) as editor:
        target = focus(editor)
        with playing("silent"):
            pass  # the clipboard is of nobody once its owner has ended
        assert owner() == 0
        assert inserter.insert("dictated", target) is Outcome.INSERTED
        assert owner() == 0
        wait_for_text(editor, "dictated")


def test_what_is_copied_meanwhile_stays(
    open_one: OpenInserter, focus: Focus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inserter = open_one()
    restore = Clipboard.restore

    def copy_and_restore(clipboard: Clipboard) -> None:
        x_clipboard.put(b"copied meanwhile")
        restore(clipboard)

    monkeypatch.setattr(Clipboard, "restore", copy_and_restore)
    with qt_editor(tmp_path) as editor:
        target = focus(editor)
        x_clipboard.put(b"before")
        assert inserter.insert("dictated", target) is Outcome.INSERTED
        assert x_clipboard.get() == b"copied meanwhile"


def test_what_is_copied_just_before_is_not_pasted_instead(
    open_one: OpenInserter, focus: Focus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inserter = open_one()
    expect = Clipboard.expect

    def copy_and_expect(clipboard: Clipboard) -> None:
        x_clipboard.put(b"copied meanwhile")
        wait_until(lambda: x_clipboard.get() == b"copied meanwhile")
        expect(clipboard)

    with qt_editor(tmp_path) as editor:
        target = focus(editor)
        with monkeypatch.context() as patch:
            patch.setattr(Clipboard, "expect", copy_and_expect)
            with pytest.raises(InsertionError, match="took the clipboard"):
                inserter.insert("dictated", target)
        assert x_clipboard.get() == b"copied meanwhile"
        assert inserter.insert("again", target) is Outcome.INSERTED
        wait_for_text(editor, "again")


def test_clipboard_that_does_not_answer_is_left_alone(
    open_one: OpenInserter, focus: Focus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "READ_WITHIN_S", 0.3)
    inserter = open_one()
    with qt_editor(tmp_path) as editor, playing("silent"):
        before = owner()
        assert inserter.insert("typed instead", focus(editor)) is Outcome.INSERTED
        wait_for_text(editor, "typed instead")
        assert owner() == before


def test_clipboard_too_large_to_keep_is_left_alone(
    open_one: OpenInserter, focus: Focus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MOST_BYTES", 1 << 20)
    inserter = open_one()
    x_clipboard.put(bytes(2 << 20), "image/png")
    before = owner()
    with qt_editor(tmp_path) as editor:
        assert inserter.insert("typed instead", focus(editor)) is Outcome.INSERTED
        wait_for_text(editor, "typed instead")
    assert owner() == before


@pytest.mark.parametrize("size", [100_000, 1_000_000])
def test_large_text_is_pasted_whole(
    size: int, open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one()
    text = "".join(f"{number} é\n" for number in range(size // 9))
    with qt_editor(tmp_path) as editor:
        assert inserter.insert(text, focus(editor)) is Outcome.INSERTED
        wait_for_text(editor, text)


def test_manager_takes_over_what_is_kept(
    open_one: OpenInserter, focus: Focus, tmp_path: Path
) -> None:
    inserter = open_one()
    x_clipboard.put("the user's own é".encode())
    with qt_editor(tmp_path) as editor, playing("manager"):
        assert inserter.insert("dictated", focus(editor)) is Outcome.INSERTED
        inserter.close()
        assert x_clipboard.get() == "the user's own é".encode()


def test_program_that_ignores_the_chord_is_typed_into(
    open_one: OpenInserter, focus: Focus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x11, "PASTES_WITHIN_S", 0.5)
    inserter = open_one()
    x_clipboard.put(b"the user's own")
    with qt_editor(tmp_path, kind="deaf") as editor:
        target = focus(editor)
        assert inserter.insert("once, ", target) is Outcome.INSERTED
        assert inserter.insert("twice", target) is Outcome.INSERTED
        wait_for_text(editor, "once, twice")
        assert open_one(InsertMethod.PASTE).insert("thrice", target) is Outcome.COPIED
        assert x_clipboard.get() == b"thrice"


def test_program_that_hangs_gets_a_copy(
    open_one: OpenInserter, focus: Focus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x11, "ANSWERS_WITHIN_S", 0.5)
    inserter = open_one()
    with qt_editor(tmp_path) as editor:
        target = focus(editor)
        editor.process.send_signal(signal.SIGSTOP)
        assert inserter.insert("to paste by hand", target) is Outcome.COPIED
        assert x_clipboard.get() == b"to paste by hand"
        editor.process.send_signal(signal.SIGCONT)
        # It was sent no keys meanwhile: this is all that it gets.
        subprocess.run(["xdotool", "key", "ctrl+v"], check=True)
        wait_for_text(editor, "to paste by hand")


def test_program_that_hangs_before_it_pastes_finds_the_text_later(
    open_one: OpenInserter, focus: Focus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x11, "ANSWERS_WITHIN_S", 2.0)
    inserter = open_one()
    x_clipboard.put(b"the user's own")
    press = Keyboard.press
    with qt_editor(tmp_path) as editor:
        target = focus(editor)

        def stop_and_press(keyboard: Keyboard, key: int, *modifiers: int) -> None:
            editor.process.send_signal(signal.SIGSTOP)
            press(keyboard, key, *modifiers)

        monkeypatch.setattr(Keyboard, "press", stop_and_press)
        assert inserter.insert("late", target) is Outcome.COPIED
        editor.process.send_signal(signal.SIGCONT)
        wait_for_text(editor, "late")
    assert x_clipboard.get() == b"late"


def test_copying_is_for_everybody_and_to_stay(open_one: OpenInserter) -> None:
    open_one().copy("for the user: é")
    assert x_clipboard.get() == "for the user: é".encode()
    assert x_clipboard.get("STRING") == "for the user: é".encode("latin-1")
    x_clipboard.put(b"then something else")
    assert x_clipboard.get() == b"then something else"
