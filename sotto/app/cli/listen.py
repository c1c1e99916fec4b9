"""`sotto listen`: live text in the terminal, as plain lines or as JSON."""

import argparse
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Protocol

from sotto.app.cli import terminal
from sotto.app.cli.ending import ENDS, code_of, heeded
from sotto.app.cli.views.json_lines import JsonLines
from sotto.app.cli.views.plain_lines import PlainLines
from sotto.app.cli.views.terminal_view import TerminalView
from sotto.app.core.events import (
    Event,
    Fault,
    Final,
    Incident,
    Recovered,
    SessionState,
    StateChanged,
)
from sotto.app.core.journal.journal import Journal
from sotto.app.core.journal.places import journals_folder
from sotto.app.core.journal.record import Record
from sotto.app.core.models.choice import misunderstanding
from sotto.app.core.settings import Settings, load
from sotto.app.core.spoken_languages import Spoken
from sotto.app.core.traces.logger import DEFECT, logger
from sotto.app.dictating.new_session import clip, new_session
from sotto.app.dictating.recognising import Recognisers
from sotto.app.dictating.recovering.recovery import Recovery
from sotto.app.dictating.session import Feed, Session
from sotto.audio.files.selection import Selection
from sotto.audio.input.devices import input_devices
from sotto.audio.input.file_source import FileSource
from sotto.audio.input.microphone import microphone_source
from sotto.audio.input.source import Source
from sotto.audio.input.system_audio import system_audio_source
from sotto.c_messages import c_messages_hidden
from sotto.errors import InternalError, OutputError, SottoError, UsageError
from sotto.inference.languages import AUTO

_FACE = "listen"
_KEPT_WITHIN_S = 5.0  # a disk that takes longer to delete a file is not waited for
_log = logger(__name__)

_CHECK_S = 0.5  # so soon it is noticed that nobody reads the text any more


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
    terminal.require_output()
    with Recognisers() as recognisers:
        recognisers.start()  # it takes a second until it can load a model
        return _listen(arguments, recognisers)


def _listen(arguments: argparse.Namespace, recognisers: Recognisers) -> int:
    settings = _settings(arguments)
    source, feed = _sound(arguments, settings)
    if misunderstood := misunderstanding(settings):
        terminal.tell(misunderstood)
    events: SimpleQueue[Event] = SimpleQueue()
    shown: SimpleQueue[Recovered] = SimpleQueue()
    session = _session(source, feed, settings, recognisers, events=events, shown=shown)
    stopper = _Stopper(session)
    with _quiet(feed), ThreadPoolExecutor(1, "sotto-engine") as pool:
        ended = pool.submit(session.run)
        fault = _show_all(events, _view(arguments), session, shown)
        ended.result()
    if session.journal is not None:
        session.journal.join(_KEPT_WITHIN_S)
    if fault is not None and not stopper.was_asked:
        raise SottoError(fault.message)
    # A microphone has no other end than Ctrl+C.
    is_done = fault is None and (feed is Feed.LIVE or not stopper.was_asked)
    return 0 if is_done and not stopper.gave_up else stopper.exit_code


def _quiet(feed: Feed) -> AbstractContextManager[None]:
    """Keep what PortAudio's threads write, when a sound server goes, out of the text."""
    return c_messages_hidden() if feed is Feed.LIVE else nullcontext()


def _session(  # noqa: PLR0913 (the parts of a session)
    source: Source,
    feed: Feed,
    settings: Settings,
    recognisers: Recognisers,
    *,
    events: SimpleQueue[Event],
    shown: SimpleQueue[Recovered],
) -> Session:
    """Return a session that survives a crash, and first gives what an earlier one left.

    Of a file that is fed without waiting the result depends on the file alone.
    """
    if feed is Feed.UNPACED:
        return new_session(source, feed, settings, events.put, recognisers)
    journal = Journal(
        journals_folder(),
        Record(_FACE, spoken=Spoken.of(settings)),
        lambda line: events.put(Incident(0.0, line)),
    )

    def keep(recovered: Recovered) -> None:
        events.put(recovered)
        shown.get()

    def recover() -> None:
        for line in Recovery(settings, recognisers, keep).run(journals_folder(), _FACE):
            events.put(Incident(0.0, line))

    return new_session(
        source, feed, settings, events.put, recognisers, journal=journal, before_loading=recover
    )


class _Stopper:
    """What Ctrl+C does: first finish the text, then give up. Called in the main thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._n_signals = 0
        self._first = signal.SIGINT
        for number in (signal.SIGINT, *heeded(ENDS)):
            signal.signal(number, self._stop)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._n_signals += 1
        if self._n_signals == 1:
            self._first = signal.Signals(number)
            self._session.stop()
        else:
            self._session.cancel()

    @property
    def exit_code(self) -> int:
        """What a shell is told where something was not finished."""
        return code_of(self._first)

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
        "vocabulary": arguments.hotwords,
        "task": arguments.task,
        "compute_type": arguments.compute_type,
        "microphone": arguments.microphone,
    }
    loaded = load({name: value for name, value in given.items() if value is not None})
    for warning in loaded.warnings:
        terminal.tell(warning)
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
        terminal.note("There is no microphone: this is a recording, played as if spoken now.")
        return FileSource(clip(settings)), Feed.PLAYED
    return microphone_source(settings.microphone or None), Feed.LIVE


def _view(arguments: argparse.Namespace) -> View:
    if arguments.json:
        return JsonLines()
    # A dumb terminal cannot rewrite a line.
    can_rewrite = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    return TerminalView() if can_rewrite else PlainLines()


def _show_all(
    events: SimpleQueue[Event], view: View, session: Session, shown: SimpleQueue[Recovered]
) -> Fault | None:
    """Show events until the session has ended; return what ended it before its time.

    A view that cannot go on ends the session: nobody would see what it hears.

    Raises:
        BrokenPipeError: whoever read the text has gone.
        SottoError: the text cannot be shown or written.
    """
    fault = None
    try:
        while (event := _next(events)) != StateChanged(SessionState.STOPPED):
            view.show(event)
            match event:
                case Final(utterance=utterance) if session.journal is not None:
                    session.journal.kept(utterance)
                case Recovered():
                    shown.put(event)
                case Fault():
                    fault = event
        view.close()
    except Exception as error:
        session.cancel()
        _give_up(view)
        raise _told(error) from error
    return fault


def _next(events: SimpleQueue[Event]) -> Event:
    while True:
        terminal.check_output()
        with suppress(Empty):
            return events.get(timeout=_CHECK_S)


def _give_up(view: View) -> None:
    """Leave the terminal as well as can be; what is still to be written will not be."""
    with suppress(Exception):
        view.close()
    terminal.give_up_output()


def _told(error: Exception) -> Exception:
    """Return the error as its user is to see it."""
    if isinstance(error, BrokenPipeError):
        terminal.tell("whoever read the text has gone; listening has ended")
        return BrokenPipeError()
    if isinstance(error, OSError):
        why = (error.strerror or str(error)).lower()
        return OutputError(
            f"the text cannot be written ({why}): write it elsewhere or make room there; "
            "listening has ended"
        )
    if not isinstance(error, SottoError):
        _log.log(DEFECT, "the view failed", exc_info=error)
        return InternalError.of(error)
    return error
