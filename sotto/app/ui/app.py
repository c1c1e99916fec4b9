"""The whole program: its parts, and who tells what to whom."""

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from sotto.app.core.archive import transcripts_folder
from sotto.app.core.control import Request
from sotto.app.core.events import Event, SessionState, StateChanged
from sotto.app.core.json_events import as_json
from sotto.app.core.projects.queued import projects_folder
from sotto.app.core.settings import LoadedSettings, SettingsStore, settings_path
from sotto.app.desktop.hotkeys import open_hotkeys
from sotto.app.desktop.insertion import Outcome, open_inserter
from sotto.app.dictating.engine import Engine
from sotto.app.dictating.insertions import Report
from sotto.app.dictating.phases import Ending, Phase
from sotto.app.service.background_insertions import BackgroundInsertions
from sotto.app.service.control_server import ControlServer
from sotto.app.service.defects import Defects
from sotto.app.service.dictation import Dictation
from sotto.app.service.hotkey import Hotkey
from sotto.app.service.inventory import Inventory
from sotto.app.service.qt_settings import SettingsSaver, follow
from sotto.app.service.readiness import Readiness
from sotto.app.service.recordings.recording_queue import RecordingQueue
from sotto.app.service.storage.history_writer import HistoryWriter
from sotto.app.service.storage.recoverer import Recoverer
from sotto.app.service.storage.text_storage import TextStorage
from sotto.app.ui.dialogs import Dialogs
from sotto.app.ui.main_window import notices
from sotto.app.ui.main_window.main_window import MainWindow
from sotto.app.ui.overlay.captioning import Captioning
from sotto.app.ui.pill.feedback import Feedback
from sotto.app.ui.tray import Tray
from sotto.app.ui.widgets.banner import Kind, Notice
from sotto.app.ui.widgets.theme.colours import Colours

# By then the window manager has placed the window, and Qt puts dialogs into its middle.
PLACED_MS = 300
# The first sight of the window is not to share the interpreter with imports.
_SETTLED_MS = 2000


class App(QObject):
    """Sotto with a desktop around it. Lives on Qt's thread.

    Args:
        new_engine: makes what sound and models come from.
        loaded: the settings, and what was wrong with their sources.

    Attributes:
        settings: those that hold now; whoever changes one changes it there.
    """

    def __init__(
        self, new_engine: Callable[[SettingsStore], Engine], loaded: LoadedSettings
    ) -> None:
        super().__init__()
        self._defects = Defects(self)
        self._saver = SettingsSaver(self)
        settings = self.settings = SettingsStore(loaded.settings, self._saver.save)
        engine = self._engine = new_engine(settings)
        self._inventory = Inventory(engine, settings, self)
        self._insertions = BackgroundInsertions(lambda: open_inserter(settings.current), self)
        self.dictation = Dictation(
            engine, settings, self, insertions=self._insertions, choose=self._chosen
        )
        self._text_storage = TextStorage(transcripts_folder(), self)
        self.window = MainWindow(self.dictation, self._text_storage, self._inventory, settings)
        self._hotkey = Hotkey(open_hotkeys, settings, self)
        self._feedback = Feedback(self.dictation, self._insertions, settings)
        self._captioning = Captioning(self.dictation, settings, self._chosen)
        self._history_writer = HistoryWriter(self.dictation, settings, self._text_storage)
        self._recoverer = Recoverer(self.dictation, settings, self._history_writer)
        self._readiness = Readiness(engine, self.dictation, settings, self._chosen)
        self._recordings = RecordingQueue(projects_folder(), self)
        self.dialogs = Dialogs(settings, self._recordings, self.window)
        self.tray = Tray(self)
        self.control = ControlServer(self._answer, self)
        self._connect()
        for number, warning in enumerate(loaded.warnings):
            self.window.banners.show_notice(f"settings {number}", Notice(Kind.WARNING, warning))

    def start(
        self, *, is_hidden: bool = False, listens: bool = False, transcribes: bool = False
    ) -> None:
        """Show the window, unless it is to be in the tray, and hear the hotkey.

        Args:
            is_hidden: whether to start in the tray, where there is one.
            listens: whether to listen at once.
            transcribes: whether recordings are to be transcribed; then no questions are asked.
        """
        self.window.set_theme(self.settings.current.theme)
        self.window.stays = lambda: self.settings.current.close_to_tray and self.tray.is_available
        self.tray.show()
        if listens:
            self.window.listen_at_once()
        if not is_hidden:
            self.window.show()
        for part in (
            self._hotkey,
            self._captioning,
            self._history_writer,
            self._readiness,
            self._recoverer,
        ):
            part.start()
        self._text_storage.tidy(transcripts_folder(), settings_path().parent)
        self._insertions.open()
        self._defects.look_back()
        is_busy = is_hidden or listens or transcribes
        if not (self.settings.current.was_welcomed or is_busy):
            QTimer.singleShot(PLACED_MS, self.dialogs.open_first_run)
        QTimer.singleShot(_SETTLED_MS, self.dialogs.prepare)
        QTimer.singleShot(_SETTLED_MS, self._recordings.start)

    # Who tells what to whom ----------------------------------------------------------------

    def _connect(self) -> None:
        self._connect_window()
        self._connect_dictation()
        self._connect_tray()
        self._connect_dialogs()

    def _connect_window(self) -> None:
        window = self.window
        window.settings_requested.connect(self.dialogs.open_settings)
        window.history_requested.connect(self.dialogs.open_history)
        window.recordings_requested.connect(self.dialogs.open_recordings)
        window.opening_requested.connect(self.dialogs.ask_for_recordings)
        window.dropped.connect(self.dialogs.open_recordings)
        self.control.open_requested.connect(self.dialogs.open_recordings)
        window.captions_requested.connect(
            lambda: self.settings.change(overlay=not self.settings.current.overlay)
        )
        window.theme_applied.connect(self._paint)
        window.shown.connect(lambda shown: self.tray.set_window_shown(is_shown=shown))
        window.closed.connect(self._end)
        self._inventory.microphones_found.connect(self._offer_microphones)
        self._inventory.models_found.connect(self._offer_models)

    def _connect_dictation(self) -> None:
        hotkey, dictation = self._hotkey, self.dictation
        hotkey.start_wanted.connect(dictation.dictate)
        hotkey.stop_wanted.connect(dictation.end_dictation)
        hotkey.cancel_wanted.connect(dictation.cancel_dictation)
        hotkey.pressed.connect(lambda is_down: dictation.hold_back(is_key_down=is_down))
        hotkey.status_changed.connect(self._show_hotkey_status)
        dictation.started.connect(lambda: hotkey.dictating(is_dictating=True))
        dictation.stopping.connect(lambda: hotkey.dictating(is_dictating=False))
        dictation.ended.connect(self._finish)
        self._insertions.reported.connect(self._forget_secrets)
        dictation.events.connect(self._tell_followers)
        dictation.phase_changed.connect(self.tray.set_phase)
        dictation.fault.connect(self.tray.set_fault)
        self._history_writer.kept.connect(self.dialogs.refresh_history)
        self._history_writer.failed.connect(self._warn)
        self._recoverer.failed.connect(self._warn)
        self._recoverer.recovered.connect(self._tell_recovered)
        self._recordings.finished.connect(self._tell_transcribed)
        self._saver.failed.connect(self._warn_of_saving)
        self._defects.found.connect(self._offer_report)

    def _connect_tray(self) -> None:
        tray, change = self.tray, self.settings.change
        follow(self.settings, ("microphone", "model"), lambda _: self._mark_chosen(), tray)
        follow(self.settings, ("overlay", "overlay_source"), lambda _: self._mark_captions(), tray)
        self._mark_captions()
        tray.toggle_requested.connect(self._toggle)
        tray.undo_requested.connect(self.dictation.undo)
        tray.window_requested.connect(self._show_or_hide)
        tray.microphone_picked.connect(lambda name: change(microphone=name))
        tray.model_picked.connect(lambda name: change(model=name))
        tray.captions_toggled.connect(lambda shown: change(overlay=shown))
        tray.caption_source_picked.connect(
            lambda source: change(overlay=True, overlay_source=source)
        )
        tray.move_captions_requested.connect(self._captioning.edit)
        tray.history_requested.connect(self.dialogs.open_history)
        tray.settings_requested.connect(self.dialogs.open_settings)
        tray.quit_requested.connect(self.window.quit)

    def _connect_dialogs(self) -> None:
        dialogs = self.dialogs
        dialogs.edit_captions.connect(self._captioning.edit)
        dialogs.hotkey_recording.connect(self._hotkey.pause)
        dialogs.insert_requested.connect(self._insertions.write_now)
        dialogs.failed.connect(self._warn)
        dialogs.models_changed.connect(self._inventory.look)
        self._hotkey.pressed.connect(dialogs.show_hotkey_test)
        self.dictation.finished.connect(lambda finished: dialogs.hear(finished.final.text))

    # What there is to choose from -----------------------------------------------------------

    def _mark_chosen(self) -> None:
        self.tray.set_chosen(*self._chosen())

    def _mark_captions(self) -> None:
        settings = self.settings.current
        self.tray.set_captions(is_shown=settings.overlay, source=settings.overlay_source)

    def _offer_microphones(self, microphones: tuple[Any, ...]) -> None:
        self.tray.set_microphones(microphones, self._inventory.microphone)
        self.dialogs.set_microphones(microphones)

    def _offer_models(self, models: tuple[Any, ...]) -> None:
        self.tray.set_models(models, self._inventory.model)
        self.dialogs.set_models(models)

    # What happens --------------------------------------------------------------------------

    def _answer(self, request: Request) -> dict[str, Any]:
        """Do what another process asks; return the state."""
        deeds: dict[Request, Callable[[], None]] = {
            Request.SHOW: self._show,
            Request.LISTEN: self._listen,
            Request.START: self.dictation.dictate,
            Request.STOP: self.dictation.end_dictation,
            Request.TOGGLE: self._toggle,
            Request.CANCEL: self.dictation.cancel_dictation,
            Request.UNDO: self.dictation.undo,
        }
        if request in deeds:
            deeds[request]()
        return {"event": "state", "state": self._state}

    def _listen(self) -> None:
        self._show()
        if self.dictation.shown_phase is Phase.IDLE:
            self.window.toggle()

    def _chosen(self) -> tuple[str, str]:
        return self._inventory.chosen

    @property
    def _state(self) -> str:
        return self.dictation.phase.name.lower()

    def _toggle(self) -> None:
        if self.dictation.is_dictating:
            self.dictation.end_dictation()
        else:
            self.dictation.dictate()

    def _finish(self, _ending: Ending) -> None:
        self._hotkey.dictating(is_dictating=False)

    def _forget_secrets(self, report: Report) -> None:
        if report.outcome is Outcome.SECRET:
            self._history_writer.forget_newest()

    def _tell_followers(self, events: tuple[Event, ...]) -> None:
        for event in events:
            line = _state_line(event) or as_json(event)
            if line is not None:
                self.control.tell(line)

    def _show_hotkey_status(self, text: str, is_error: bool) -> None:
        self.dialogs.show_hotkey_status(text, is_error=is_error)
        if is_error:
            change = lambda: self.dialogs.open_settings("Hotkey")  # noqa: E731 (named for what it does)
            self.window.banners.show_notice(
                "hotkey", Notice(Kind.WARNING, text, "Chan&ge the key…", change)
            )
        else:
            self.window.banners.dismiss("hotkey")

    def _paint(self, colours: Colours) -> None:
        self.dialogs.set_colours(colours)
        self._feedback.set_colours(colours)

    def _warn(self, message: str) -> None:
        self.window.banners.show_notice("warning", Notice(Kind.WARNING, message))

    def _warn_of_saving(self, message: str) -> None:
        self.window.banners.show_notice("save", Notice(Kind.ERROR, message))

    def _tell_recovered(self) -> None:
        self.window.banners.show_notice("recovered", notices.about_recovered_text())

    def _tell_transcribed(self, row_id: str) -> None:
        """Say what became of a recording where its own window does not."""
        files = self.dialogs.files
        if files is not None and files.isVisible():
            return
        notice = notices.about_a_recording(self._recordings[row_id], self._show_recording)
        self.window.banners.show_notice(notices.RECORDING, notice)

    def _show_recording(self) -> None:
        self.window.banners.dismiss(notices.RECORDING)
        self.dialogs.open_recordings()

    def _offer_report(self) -> None:
        notice = notices.about_a_defect(self._make_report)
        self.window.banners.show_notice(notices.DEFECT, notice)

    def _make_report(self) -> None:
        self.window.banners.dismiss(notices.DEFECT)
        failed = lambda error: self._warn(str(error))  # noqa: E731 (named for when it is called)
        self._defects.report(self.settings.current, self._copy_report, failed)

    def _copy_report(self, report: str) -> None:
        QGuiApplication.clipboard().setText(report)
        self.window.banners.show_notice(notices.DEFECT, notices.about_a_report())

    def _show(self) -> None:
        self.window.show()
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.raise_()
        self.window.activateWindow()

    def _show_or_hide(self) -> None:
        if self.window.isVisible():
            self.window.close()
        else:
            self._show()

    # The end -------------------------------------------------------------------------------

    def _end(self) -> None:
        """The window is closed for good; what the others hold is given back, one after another."""
        self.control.close()
        self.tray.hide()
        self._feedback.close()
        self._hotkey.close()
        self._readiness.close()
        self._recoverer.close()
        self._defects.close()
        self.dialogs.close()
        self._insertions.close(lambda: self._history_writer.close(self._end_saving))

    def _end_saving(self) -> None:
        self._recordings.close(lambda: self._saver.flush(QApplication.quit))


def _state_line(event: Event) -> str | None:
    if not isinstance(event, StateChanged):
        return None
    state = "idle" if event.state is SessionState.STOPPED else event.state.value
    return json.dumps({"event": "state", "state": state})
