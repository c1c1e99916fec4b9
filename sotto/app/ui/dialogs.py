"""The windows beside the main one: settings, history, recordings, and the first start's questions.

Each is imported when it is opened: they import what the first sight of the main window can spare.
"""
# ruff: noqa: PLC0415

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from sotto.app.core.settings import SettingsStore
from sotto.app.desktop import autostart, desktop_entry
from sotto.app.dictating.engine import Microphone, Model
from sotto.app.service.background import Background
from sotto.app.service.qt_settings import follow
from sotto.app.service.recordings.recording_queue import RecordingQueue
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours
from sotto.errors import SottoError

if TYPE_CHECKING:
    from sotto.app.ui.files import FilesWindow
    from sotto.app.ui.first_run import FirstRun
    from sotto.app.ui.history import HistoryWindow
    from sotto.app.ui.settings_dialog import SettingsDialog

# A window that was hidden gives the focus back to the one before it in about this time.
_FOCUS_MS = 400


class Dialogs(QObject):
    """Opens each at most once. Lives on Qt's thread."""

    edit_captions = Signal()
    hotkey_recording = Signal(bool)  # a key is being recorded: bound ones are to be let go
    insert_requested = Signal(str)  # into the window that has the focus now
    models_changed = Signal()  # one may have been fetched
    failed = Signal(str)

    def __init__(
        self, settings: SettingsStore, recordings: RecordingQueue, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._recordings = recordings
        self._window = parent
        self._settings = settings
        self._colours: Colours = LIGHT
        self._microphones: tuple[Microphone, ...] = ()
        self._models: tuple[Model, ...] = ()
        self._hotkey_status = ("", False)
        self._files = Background("sotto-autostart", self)
        self.settings: SettingsDialog | None = None
        self.history: HistoryWindow | None = None
        self.first_run: FirstRun | None = None
        self.files: FilesWindow | None = None

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        for each in (self.settings, self.history, self.first_run, self.files):
            if each is not None:
                each.set_colours(colours)

    def set_microphones(self, microphones: tuple[Microphone, ...]) -> None:
        """Offer these."""
        self._microphones = microphones
        if self.settings is not None:
            self.settings.set_microphones(microphones)

    def set_models(self, models: tuple[Model, ...]) -> None:
        """Offer these."""
        self._models = models
        for each in (self.settings, self.history, self.files):
            if each is not None:
                each.set_models(models)

    def show_hotkey_status(self, text: str, *, is_error: bool) -> None:
        """Say what came of binding the hotkey."""
        self._hotkey_status = (text, is_error)
        if self.settings is not None:
            self.settings.show_hotkey_status(text, is_error=is_error)
        if self.first_run is not None:
            self.first_run.hotkey.show_status(text, is_error=is_error)

    def show_hotkey_test(self, is_down: bool) -> None:
        """Show that the hotkey is held."""
        if self.settings is not None:
            self.settings.show_hotkey_test(is_down=is_down)
        if self.first_run is not None:
            self.first_run.hotkey.show_test(is_down=is_down)

    def hear(self, text: str) -> None:
        """Show what was dictated where somebody tries the hotkey."""
        if self.first_run is not None:
            self.first_run.hotkey.hear(text)

    def refresh_history(self) -> None:
        """List what was dictated since."""
        if self.history is not None:
            self.history.refresh()

    def close(self) -> None:
        """Close them all."""
        for each in (self.settings, self.history, self.first_run, self.files):
            if each is not None:
                each.close()

    # Opening -------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Import the dialogs ahead, on a thread of its own: it takes longer than Qt may wait."""
        self._files.run(_import_all, lambda _: None, self._fail)

    def open_settings(self, page: str = "") -> None:
        """Show the settings, at a page by its title."""
        if self.settings is None:
            self.settings = self._new_settings()
        if page:
            self.settings.show_page(page)
        _bring_up(self.settings)

    def open_history(self) -> None:
        """Show the history."""
        if self.history is None:
            from sotto.app.core.history import history_path
            from sotto.app.ui.history import HistoryWindow

            self.history = HistoryWindow(history_path(), self._colours, self._window)
            self.history.set_models(self._models)
            self.history.insert_requested.connect(self._insert)
        _bring_up(self.history)

    def open_recordings(self, paths: Iterable[Path] = ()) -> None:
        """Show the recordings, with new ones in their queue."""
        if self.files is None:
            from sotto.app.ui.files import FilesWindow

            window = self.files = FilesWindow(self._recordings, self._colours, self._window)
            window.set_models(self._models)
            window.set_font_size(self._settings.current.font_size)
            size = lambda now: window.set_font_size(now.font_size)  # noqa: E731 (fits a line)
            follow(self._settings, ("font_size",), size, self)
        _bring_up(self.files)
        self.files.add(paths)

    def ask_for_recordings(self) -> None:
        """Show the recordings, and ask for new ones."""
        self.open_recordings()
        if self.files is not None:
            self.files.ask_for_files()

    def open_first_run(self) -> None:
        """Ask the first start's questions."""
        if self.first_run is None:
            from sotto.app.ui.first_run import FirstRun, LocalWorkbench

            self.first_run = FirstRun(self._settings, LocalWorkbench(self._settings), self._window)
            self.first_run.set_colours(self._colours)
            self.first_run.hotkey.recording.connect(self.hotkey_recording)
            self.first_run.finished.connect(self._end_first_run)
            text, is_error = self._hotkey_status
            self.first_run.hotkey.show_status(text, is_error=is_error)
        _bring_up(self.first_run)

    def _end_first_run(self) -> None:
        self.models_changed.emit()
        if self.first_run is not None:
            self.first_run.deleteLater()
            self.first_run = None

    def _new_settings(self) -> "SettingsDialog":
        from sotto.app.ui.settings_dialog import Choices, SettingsDialog, set_by_environment

        choices = Choices(
            self._microphones,
            self._models,
            tuple(screen.name() for screen in QGuiApplication.screens()),
            autostart.is_enabled() if autostart.is_available() else None,
            desktop_entry.is_installed() if autostart.is_available() else None,
            set_by_environment(),
        )
        dialog = SettingsDialog(self._settings, choices, self._window)
        dialog.set_colours(self._colours)
        dialog.start_with_desktop.connect(
            lambda wanted: self._do(autostart.enable if wanted else autostart.disable)
        )
        dialog.show_in_menu.connect(
            lambda wanted: self._do(desktop_entry.install if wanted else desktop_entry.remove)
        )
        dialog.hotkey_recording.connect(self.hotkey_recording)
        dialog.edit_captions.connect(self.edit_captions)
        dialog.delete_history.connect(self._delete_history)
        dialog.built.connect(self._show_hotkey_status_again)
        return dialog

    def _show_hotkey_status_again(self) -> None:
        text, is_error = self._hotkey_status
        self.show_hotkey_status(text, is_error=is_error)

    def _do(self, job: Callable[[], object]) -> None:
        self._files.run(job, lambda _: None, self._fail)

    def _delete_history(self) -> None:
        self.open_history()
        if self.history is not None:
            self.history.delete_all()  # it asks

    def _insert(self, text: str) -> None:
        """Give the focus back, and have the text written where it goes."""
        if self.history is not None:
            self.history.close()
        QTimer.singleShot(_FOCUS_MS, lambda: self.insert_requested.emit(text))

    def _fail(self, error: SottoError) -> None:
        self.failed.emit(str(error))


def _import_all() -> None:
    import sotto.app.core.history
    import sotto.app.ui.files
    import sotto.app.ui.first_run
    import sotto.app.ui.history
    import sotto.app.ui.settings_dialog  # noqa: F401


def _bring_up(window: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
