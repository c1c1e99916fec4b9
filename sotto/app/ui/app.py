"""The whole program: its parts, and who tells what to whom."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from sotto.app.core.archive import transcripts_folder
from sotto.app.core.control import Request
from sotto.app.core.events import Event, SessionState, StateChanged
from sotto.app.core.json_events import as_json
from sotto.app.core.settings import LoadedSettings, Value
from sotto.app.core.words import WordSettings
from sotto.app.desktop.hotkeys import open_hotkeys
from sotto.app.desktop.insertion import Outcome, open_inserter
from sotto.app.dictating.engine import Engine
from sotto.app.dictating.insertions import Report
from sotto.app.service.background_insertions import BackgroundInsertions
from sotto.app.service.control_server import ControlServer
from sotto.app.service.defects import Defects
from sotto.app.service.dictation import Phase
from sotto.app.service.history_writer import HistoryWriter
from sotto.app.service.hotkey import Hotkey
from sotto.app.service.into_applications import Ending, IntoApplications
from sotto.app.service.readiness import Readiness
from sotto.app.ui.dialogs import Dialogs
from sotto.app.ui.main_window import notices
from sotto.app.ui.main_window.main_window import MainWindow
from sotto.app.ui.overlay.captioning import Captioning
from sotto.app.ui.pill.feedback import Feedback
from sotto.app.ui.tray import Tray
from sotto.app.ui.widgets.banner import Kind, Notice
from sotto.app.ui.widgets.colours import Colours

# By then the window manager has placed the window, and Qt puts dialogs into its middle.
_PLACED_MS = 300
# The first sight of the window is not to share the interpreter with imports.
_SETTLED_MS = 2000


class App(QObject):
    """Sotto with a desktop around it. Lives on Qt's thread.

    Args:
        engine: where sound and models come from.
        loaded: the settings, and what was wrong with their sources.
    """

    def __init__(self, engine: Engine, loaded: LoadedSettings) -> None:
        super().__init__()
        self._engine = engine
        self._defects = Defects(self)
        self._settings = loaded.settings
        self.window = MainWindow(engine, loaded.settings, transcripts_folder())
        self.dictation = self.window.dictation
        self._insertions = BackgroundInsertions(lambda: open_inserter(self._settings), self)
        self.into = IntoApplications(
            self.dictation, self._insertions, loaded.settings, self.window.chosen
        )
        self._hotkey = Hotkey(open_hotkeys, self)
        self._feedback = Feedback(self.dictation, self.into, self._insertions, loaded.settings)
        self._captioning = Captioning(self.dictation, loaded.settings, self.window.chosen)
        self._history_writer = HistoryWriter(self.dictation, lambda: self.into.application)
        self._readiness = Readiness(engine, self.dictation, self.window.chosen)
        self.dialogs = Dialogs(loaded.settings, self.window)
        self.tray = Tray(self)
        self.control = ControlServer(self._answer, self)
        self._connect()
        for number, warning in enumerate(loaded.warnings):
            self.window.banners.show_notice(f"settings {number}", Notice(Kind.WARNING, warning))

    def start(self, *, is_hidden: bool = False, listens: bool = False) -> None:
        """Show the window, unless it is to be in the tray, and hear the hotkey.

        Args:
            is_hidden: whether to start in the tray, where there is one.
            listens: whether to listen at once.
        """
        self.window.set_theme(self._settings.theme)
        self.window.stays = lambda: self._settings.close_to_tray and self.tray.is_available
        self.tray.show()
        if listens:
            self.window.listen_at_once()
        if not is_hidden:
            self.window.show()
        self._use()
        self._insertions.open()
        self._defects.look_back()
        if not (self._settings.was_welcomed or is_hidden or listens):
            QTimer.singleShot(_PLACED_MS, self.dialogs.open_first_run)
        QTimer.singleShot(_SETTLED_MS, self.dialogs.prepare)

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
        window.captions_requested.connect(
            lambda: self.change({"overlay": not self._settings.overlay})
        )
        window.theme_applied.connect(self._paint)
        window.shown.connect(lambda shown: self.tray.set_window_shown(is_shown=shown))
        window.closed.connect(self._end)
        window.header.microphone.picked.connect(self._follow_picker)
        window.header.model.picked.connect(self._follow_picker)
        window.inventory.microphones_found.connect(self._offer_microphones)
        window.inventory.models_found.connect(self._offer_models)

    def _connect_dictation(self) -> None:
        hotkey, into, dictation = self._hotkey, self.into, self.dictation
        hotkey.start_wanted.connect(into.start)
        hotkey.stop_wanted.connect(into.stop)
        hotkey.cancel_wanted.connect(into.cancel)
        hotkey.pressed.connect(lambda is_down: into.hold_back(is_key_down=is_down))
        hotkey.status_changed.connect(self._show_hotkey_status)
        into.started.connect(lambda: hotkey.dictating(is_dictating=True))
        into.stopping.connect(lambda: hotkey.dictating(is_dictating=False))
        into.ended.connect(self._finish)
        self._insertions.reported.connect(self._forget_secrets)
        dictation.events.connect(self._tell_followers)
        dictation.phase_changed.connect(self.tray.set_phase)
        dictation.fault.connect(self.tray.set_fault)
        self._history_writer.kept.connect(self.dialogs.refresh_history)
        self._history_writer.failed.connect(self._warn)
        self._captioning.placed.connect(self.change)
        self._defects.found.connect(self._offer_report)

    def _connect_tray(self) -> None:
        tray = self.tray
        tray.toggle_requested.connect(self._toggle)
        tray.undo_requested.connect(self.into.undo)
        tray.window_requested.connect(self._show_or_hide)
        tray.microphone_picked.connect(lambda name: self.change({"microphone": name}))
        tray.model_picked.connect(lambda name: self.change({"model": name}))
        tray.captions_toggled.connect(lambda shown: self.change({"overlay": shown}))
        tray.caption_source_picked.connect(
            lambda source: self.change({"overlay": True, "overlay_source": source})
        )
        tray.move_captions_requested.connect(self._captioning.edit)
        tray.history_requested.connect(self.dialogs.open_history)
        tray.settings_requested.connect(self.dialogs.open_settings)
        tray.quit_requested.connect(self.window.quit)

    def _connect_dialogs(self) -> None:
        dialogs, window = self.dialogs, self.window
        dialogs.changed.connect(self.change)
        dialogs.edit_captions.connect(self._captioning.edit)
        dialogs.hotkey_recording.connect(self._hotkey.pause)
        dialogs.insert_requested.connect(self._insertions.write_now)
        dialogs.failed.connect(self._warn)
        dialogs.models_changed.connect(window.look_again)
        self._hotkey.pressed.connect(dialogs.show_hotkey_test)
        self.dictation.finished.connect(lambda final: dialogs.hear(final.text))

    # Settings ------------------------------------------------------------------------------

    def change(self, changes: Mapping[str, Value]) -> None:
        """Change settings, obey them and save them."""
        self.window.text_storage.remember(**changes)
        self._settings = replace(self._settings, **changes)  # type: ignore[arg-type]  # by name
        self.window.use(self._settings)
        self._use()

    def _use(self) -> None:
        """Have every part follow the settings."""
        settings = self._settings
        self._engine.use(settings)
        self.dictation.use(WordSettings.of(settings))
        for part in (
            self.into,
            self._hotkey,
            self._feedback,
            self._captioning,
            self._history_writer,
            self._readiness,
            self.dialogs,
        ):
            part.use(settings)
        self.tray.set_chosen(*self.window.chosen())
        self.tray.set_captions(is_shown=settings.overlay, source=settings.overlay_source)

    def _follow_picker(self, _name: str) -> None:
        """The window has saved what was picked there."""
        microphone, model = self.window.chosen()
        self._settings = replace(self._settings, microphone=microphone, model=model)
        self._use()

    def _offer_microphones(self, microphones: tuple[Any, ...]) -> None:
        self.tray.set_microphones(microphones, self.window.header.microphone.value)
        self.dialogs.set_microphones(microphones)

    def _offer_models(self, models: tuple[Any, ...]) -> None:
        self.tray.set_models(models, self.window.inventory.model)
        self.dialogs.set_models(models)

    # What happens --------------------------------------------------------------------------

    def _answer(self, request: Request) -> dict[str, Any]:
        """Do what another process asks; return the state."""
        deeds: dict[Request, Callable[[], None]] = {
            Request.SHOW: self._show,
            Request.LISTEN: self._listen,
            Request.START: self.into.start,
            Request.STOP: self.into.stop,
            Request.TOGGLE: self._toggle,
            Request.CANCEL: self.into.cancel,
            Request.UNDO: self.into.undo,
        }
        if request in deeds:
            deeds[request]()
        return {"event": "state", "state": self._state}

    def _listen(self) -> None:
        self._show()
        if self.window.shown_phase is Phase.IDLE:
            self.window.toggle()

    @property
    def _state(self) -> str:
        return self.dictation.phase.name.lower()

    def _toggle(self) -> None:
        if self.into.is_active:
            self.into.stop()
        else:
            self.into.start()

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

    def _offer_report(self) -> None:
        notice = notices.about_a_defect(self._make_report)
        self.window.banners.show_notice(notices.DEFECT, notice)

    def _make_report(self) -> None:
        self.window.banners.dismiss(notices.DEFECT)
        failed = lambda error: self._warn(str(error))  # noqa: E731 (named for when it is called)
        self._defects.report(self._settings, self._copy_report, failed)

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
        self._defects.close()
        self.dialogs.close()
        self._insertions.close(lambda: self._history_writer.close(QApplication.quit))


def _state_line(event: Event) -> str | None:
    if not isinstance(event, StateChanged):
        return None
    state = "idle" if event.state is SessionState.STOPPED else event.state.value
    return json.dumps({"event": "state", "state": state})
