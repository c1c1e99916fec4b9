"""The probe tells the ways of inserting that work from those that do not."""

import subprocess
from pathlib import Path

from sotto.app.core.settings import InsertMethod
from sotto.app.desktop.insertion.probe import SAMPLE, probe
from tests.app.desktop.insertion.conftest import Focus, wait_until
from tools.fixtures.applications import Application, qt_editor

METHODS = (InsertMethod.PASTE, InsertMethod.TYPE)


class FieldOfAnotherProgram:
    def __init__(self, application: Application) -> None:
        self._application = application

    def text(self) -> str:
        return self._application.read()

    def clear(self) -> None:
        subprocess.run(["xdotool", "key", "ctrl+a", "Delete"], check=True)
        wait_until(lambda: self.text() == "")


def test_ways_that_work_are_told(focus: Focus, tmp_path: Path) -> None:
    with qt_editor(tmp_path) as editor:
        focus(editor)
        results = list(probe(FieldOfAnotherProgram(editor), METHODS))
        assert [(each.method, each.ok) for each in results] == [(each, True) for each in METHODS]
        assert all(0 < each.milliseconds < 60_000 for each in results)
        assert editor.read() == SAMPLE


def test_ways_that_fail_are_told(focus: Focus, tmp_path: Path) -> None:
    with qt_editor(tmp_path, kind="deaf") as editor:
        focus(editor)
        paste, typed = probe(FieldOfAnotherProgram(editor), METHODS)
        assert not paste.ok
        assert "only copied" in paste.detail
        assert typed.ok


def test_text_that_arrives_changed_is_told(focus: Focus, tmp_path: Path) -> None:
    with qt_editor(tmp_path) as editor:
        focus(editor)
        field = FieldOfAnotherProgram(editor)
        field.text = lambda: "Sotto e"  # type: ignore[method-assign]  # a field that loses accents
        field.clear = lambda: None  # type: ignore[method-assign]
        (result,) = probe(field, [InsertMethod.TYPE])
        assert not result.ok
        assert result.detail == f"“Sotto e” arrived instead of “{SAMPLE}”"
