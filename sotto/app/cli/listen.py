"""`sotto listen`: live text in the terminal, as plain lines or as JSON."""

import argparse
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from types import FrameType
from typing import Protocol

from sotto.app.cli.program import INTERRUPTED
from sotto.app.cli.views.json_lines import JsonLines
from sotto.app.cli.views.plain_lines import PlainLines
from sotto.app.cli.views.terminal_view import TerminalView
from sotto.app.core.events import Event, Fault, SessionState, StateChanged
from sotto.app.core.models.choice import misunderstanding
from sotto.app.core.settings import Settings, load
from sotto.app.dictating.new_session import clip, new_session
from sotto.app.dictating.session import Feed, Session
from sotto.audio.files.selection import Selection
from sotto.audio.input.devices import input_devices
from sotto.audio.input.file_source import FileSource
from sotto.audio.input.microphone import microphone_source
from sotto.audio.input.source import Source
from sotto.audio.input.system_audio import system_audio_source
from sotto.errors import SottoError, UsageError
from sotto.inference.languages import AUTO


class View(Protocol):
    """Shows events. Used by the main thread alone."""

    def show(self, event: Event) -> None:
        """Show an event."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was found."""
        ...


def run(arguments: argparse.Namespace) -> int:
    """Listen until the sound ends or Ctrl+C; a second Ctrl+C gives up what is not yet text."""
    for flag, is_given in (
        ("--speed", arguments.speed is not None),
        ("--track", arguments.track is not None),
        ("--channels", arguments.channels != "mix"),
    ):
        if is_given and not arguments.source:
            raise UsageError(f"{flag} is about a recording; add --source FILE")
    settings = _settings(arguments)
    source, feed = _sound(arguments, settings)
    if misunderstood := misunderstanding(settings):
        sys.stderr.write(f"sotto: {misunderstood}\n")
    events: SimpleQueue[Event] = SimpleQueue()
    session = new_session(source, feed, settings, events.put)
    stopper = _Stopper(session)
    with ThreadPoolExecutor(1, "sotto-engine") as pool:
        ended = pool.submit(session.run)
        fault = _show_all(events, _view(arguments), session)
        ended.result()
    if fault is not None and not stopper.was_asked:
        raise SottoError(fault.message)
    # A microphone has no other end than Ctrl+C.
    is_done = fault is None and (feed is Feed.LIVE or not stopper.was_asked)
    return 0 if is_done and not stopper.gave_up else INTERRUPTED


class _Stopper:
    """What Ctrl+C does: first finish the text, then give up. Called in the main thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._n_signals = 0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._n_signals += 1
        if self._n_signals == 1:
            self._session.stop()
        else:
            self._session.cancel()

    @property
    def was_asked(self) -> bool:
        """Whether the user wanted it to end."""
        return self._n_signals > 0

    @property
    def gave_up(self) -> bool:
        """Whether the user did not want to wait for the last text."""
        return self._n_signals > 1


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {
        "model": arguments.model,
        # Who names several wants them detected, whatever language is set.
        "language": arguments.language or (AUTO if arguments.languages else None),
        "languages": arguments.languages,
        "task": arguments.task,
        "compute_type": arguments.compute_type,
        "microphone": arguments.device,
    }
    loaded = load({name: value for name, value in given.items() if value is not None})
    for warning in loaded.warnings:
        sys.stderr.write(f"sotto: {warning}\n")
    return loaded.settings


def _sound(arguments: argparse.Namespace, settings: Settings) -> tuple[Source, Feed]:
    """Return where the sound comes from: a machine without a microphone plays the clip."""
    if arguments.source:
        selection = Selection(arguments.track, arguments.channels)
        if arguments.speed == "max":
            return FileSource(arguments.source, "max", selection=selection), Feed.UNPACED
        return FileSource(arguments.source, selection=selection), Feed.PLAYED
    if arguments.system_audio:
        return system_audio_source(), Feed.LIVE
    if not (settings.microphone or input_devices()):
        sys.stderr.write("There is no microphone: this is a recording, played as if spoken now.\n")
        return FileSource(clip(settings)), Feed.PLAYED
    return microphone_source(settings.microphone or None), Feed.LIVE


def _view(arguments: argparse.Namespace) -> View:
    if arguments.json:
        return JsonLines()
    # A dumb terminal cannot rewrite a line.
    can_rewrite = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    return TerminalView() if can_rewrite else PlainLines()


def _show_all(events: SimpleQueue[Event], view: View, session: Session) -> Fault | None:
    """Show events until the session has ended; return what ended it before its time."""
    fault = None
    try:
        while (event := events.get()) != StateChanged(SessionState.STOPPED):
            view.show(event)
            if isinstance(event, Fault):
                fault = event
    except BrokenPipeError:
        session.cancel()
        raise
    finally:
        view.close()
    return fault
