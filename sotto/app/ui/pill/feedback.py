"""What tells somebody who looks at another application how their dictation goes."""

from PySide6.QtCore import QObject

from sotto.app.core.events import Event, Partial
from sotto.app.core.settings import SettingsStore
from sotto.app.desktop.insertion import Outcome
from sotto.app.dictating.insertions import Report
from sotto.app.dictating.phases import Ending, Phase
from sotto.app.service.background import Background
from sotto.app.service.background_insertions import BackgroundInsertions
from sotto.app.service.dictation import Dictation
from sotto.app.ui.pill.pill import Pill
from sotto.app.ui.widgets.banner import Kind
from sotto.app.ui.widgets.theme.colours import Colours

_NOT_WRITTEN = (
    "Nothing was written: a password is asked for, the screen is locked, or a menu is open."
)
_NOT_DELETED = "Nothing was deleted: you are in another window now."
_COPIED = "Copied. Press Ctrl+V where you want the text."


class Feedback(QObject):
    """Shows the pill and plays the cues. Lives on Qt's thread; sounds play on one of their own."""

    def __init__(
        self,
        dictation: Dictation,
        insertions: BackgroundInsertions,
        settings: SettingsStore,
    ) -> None:
        super().__init__(dictation)
        self._settings = settings
        self._pill = Pill()
        self._player = Background("sotto-cues", self)
        self._has_notice = False  # one that the end of the dictation must not take away
        self._is_shown = False
        self._is_waiting = False  # for a microphone that is away
        dictation.started.connect(self._start)
        dictation.stopping.connect(self._stop)
        dictation.ended.connect(self._end)
        insertions.reported.connect(self._report)
        dictation.levels.connect(self._pill.show_levels)
        dictation.events.connect(self._show_words)
        dictation.fault.connect(self._show_fault)
        dictation.incident.connect(self._show_incident)
        dictation.phase_changed.connect(self._show_waiting)
        self._pill.insert_here.connect(insertions.write_here)
        self._pill.copy.connect(insertions.copy)
        self._pill.dismissed.connect(insertions.drop)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours."""
        self._pill.set_colours(colours)

    def close(self) -> None:
        """Be gone."""
        self._pill.hide_now()

    def _start(self) -> None:
        self._has_notice, self._is_shown = False, True
        self._pill.show_listening()
        self._play("STARTED")

    def _stop(self) -> None:
        self._pill.show_finishing()
        self._play("STOPPED")

    def _end(self, ending: Ending) -> None:
        self._is_shown = False
        if ending is Ending.NOTHING_HEARD:
            self._tell("Nothing was heard.")
            self._play("NOTHING")
        elif ending is Ending.CANCELLED:
            self._tell("Cancelled.")
            self._play("NOTHING")
        elif not self._has_notice:
            self._pill.rest()

    def _report(self, report: Report) -> None:
        if report.problem:
            self._tell(report.problem, Kind.ERROR)
        if report.held:
            self._has_notice = True
            self._pill.hold(report.held)
        elif report.outcome is Outcome.MOVED and not report.problem:
            self._tell(_NOT_DELETED)  # text that could not be inserted is held
        elif report.outcome is Outcome.SECRET:
            self._tell(_NOT_WRITTEN, Kind.WARNING)
        elif report.outcome is Outcome.COPIED:
            self._tell(_COPIED)

    def _show_fault(self, message: str) -> None:
        if self._is_shown:
            self._tell(message, Kind.ERROR)

    def _show_incident(self, message: str) -> None:
        if self._is_shown:
            self._tell(message, Kind.WARNING)

    def _show_waiting(self, phase: Phase) -> None:
        was_waiting, self._is_waiting = self._is_waiting, phase is Phase.WAITING
        if not self._is_shown:
            return
        if self._is_waiting:
            self._pill.show_waiting()
        elif was_waiting and phase is Phase.LISTENING:
            self._pill.show_listening()

    def _show_words(self, events: tuple[Event, ...]) -> None:
        partials = [event for event in events if isinstance(event, Partial)]
        if self._is_shown and partials:
            self._pill.show_words(partials[-1].committed, partials[-1].tentative)

    def _tell(self, text: str, kind: Kind = Kind.INFO) -> None:
        self._has_notice = True
        self._pill.notice(text, kind)

    def _play(self, cue: str) -> None:
        if self._settings.current.cues:
            self._player.run(lambda: _play(cue), lambda _: None, lambda _: None)


def _play(name: str) -> None:
    from sotto.audio.cues import Cue, play_cue  # noqa: PLC0415 (numpy: not before the window)

    play_cue(Cue[name])
