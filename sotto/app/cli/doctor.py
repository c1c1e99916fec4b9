"""`sotto doctor`: what works on this machine, for its user; and as a report to pass on."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from sotto.app.cli import terminal
from sotto.app.cli.flags import STANDARD_OUTPUT
from sotto.app.core import settings as settings_file
from sotto.app.core.control import Request, ask
from sotto.app.core.doctor import (
    HOLDS,
    READ_IT,
    Finding,
    State,
    machine_findings,
    model_findings,
    report,
    sound_findings,
)
from sotto.app.core.printable import printable, printable_lines
from sotto.app.core.private_file import write_private
from sotto.app.core.settings import InsertMethod, Settings
from sotto.errors import ControlError, DesktopError, OutputError

PROBLEMS_FOUND = 1
_STYLES = {State.OK: "green", State.NOTE: "yellow", State.PROBLEM: "bold red"}
_TOPIC_CELLS = 26

# In the order in which they are wanted: pasting is quick, typing reaches more programs.
_METHODS = (InsertMethod.PASTE, InsertMethod.TYPE)


def run(arguments: argparse.Namespace) -> int:
    """Write each finding as it is made and return 1 when there is a problem; or write a report."""
    settings = settings_file.load().settings
    if arguments.report is not None:
        return _write_report(arguments.report, settings)
    console = Console(highlight=False, soft_wrap=True)
    n_problems = 0
    for finding in _findings(settings):
        n_problems += finding.state is State.PROBLEM
        console.print(_line(finding))
    console.print(_summary(n_problems))
    return PROBLEMS_FOUND if n_problems else 0


def _write_report(path: Path, settings: Settings) -> int:
    terminal.note("Looking at everything; this takes some seconds…")
    text = report(_findings(settings), settings)
    if path == STANDARD_OUTPUT:
        sys.stdout.write(printable_lines(text))
        return 0
    write_private(path, text)
    terminal.note(f"The report is in {path}. {HOLDS} {READ_IT}")
    return 0


def _findings(settings: Settings) -> Iterator[Finding]:
    from sotto.app.desktop.diagnosis import desktop_findings  # noqa: PLC0415 (after the first lines)

    yield from machine_findings(settings.compute_type)
    yield from desktop_findings(settings, is_running=_is_running())
    yield from sound_findings(settings.microphone)
    yield from model_findings(settings, _tell_progress)
    yield from _insertion(settings)


def _is_running() -> bool:
    try:
        ask(Request.STATUS)
    except ControlError:
        return False
    return True


def _tell_progress(what: str, _elapsed_s: float, _expected_s: float) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{printable(what)}…\033[K\r")


def _insertion(settings: Settings) -> Iterator[Finding]:
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        yield Finding("Inserting text", State.NOTE, "not tried: there is no screen")
        return
    try:
        from sotto.app.ui.settings_dialog.pages.insertion_trial import try_insertion  # noqa: PLC0415 (imports Qt)
        from sotto.app.ui.widgets.application import application  # noqa: PLC0415
    except ImportError as error:
        yield Finding("Inserting text", State.PROBLEM, f"not tried: {error}")
        return
    try:
        results = try_insertion(application(sys.argv[:1]), _METHODS)
    except DesktopError as error:
        yield Finding("Inserting text", State.PROBLEM, f"not tried: {error}")
        return
    for result in results:
        state = State.OK if result.ok else State.PROBLEM
        words = f"{result.detail} ({result.milliseconds} ms)"
        yield Finding(f"Inserting by {result.method}", state, words)
    yield _stored([result.method for result in results if result.ok], settings)


def _stored(working: Iterable[InsertMethod], settings: Settings) -> Finding:
    """Save the way that works, unless the user chose one that does."""
    topic = "Way of inserting"
    usable = [method for method in _METHODS if method in working]
    best = InsertMethod.AUTO if _METHODS[0] in usable else next(iter(usable), None)
    if best is None:
        words = "only to the clipboard: you press Ctrl+V yourself"
        best, state = InsertMethod.CLIPBOARD, State.PROBLEM
    else:
        words, state = f"{best}", State.OK
    if settings.insert_method in {best, *usable}:
        return Finding(topic, state, f"{settings.insert_method}, as it was")
    try:
        settings_file.save({"insert_method": best})
    except OutputError as error:
        return Finding(topic, State.PROBLEM, str(error))
    return Finding(topic, state, f"{words} (saved)")


def _line(finding: Finding) -> Text:
    state = f"{finding.state.value:8}"
    topic = f"{finding.topic:{_TOPIC_CELLS}} "
    return Text.assemble(
        (state, _STYLES[finding.state]), (topic, "bold"), printable(finding.detail)
    )


def _summary(n_problems: int) -> Text:
    words = {0: "Everything works.", 1: "There is one problem."}
    found = words.get(n_problems, f"There are {n_problems} problems.")
    return Text(f"\n{found} This names your devices; to pass it on, run: sotto doctor --report")
