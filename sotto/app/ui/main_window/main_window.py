"""The main window: puts the parts together and connects what they say."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.archive import KeptText
from sotto.app.core.events import SessionState, StateChanged
from sotto.app.core.settings import Settings, SettingsStore, Theme
from sotto.app.core.transcript import Transcript
from sotto.app.dictating.messages import Request, Sound
from sotto.app.dictating.phases import Phase, Purpose
from sotto.app.service.dictation import Dictation
from sotto.app.service.inventory import Inventory
from sotto.app.service.qt_settings import follow
from sotto.app.service.storage.text_storage import TextStorage
from sotto.app.ui.main_window.actions import Actions, ThemeMenu
from sotto.app.ui.main_window.dock import Dock
from sotto.app.ui.main_window.header import Header
from sotto.app.ui.main_window.pickers import Pickers
from sotto.app.ui.main_window.save_dialog import SaveDialog
from sotto.app.ui.main_window.shortcuts import ShortcutsDialog
from sotto.app.ui.main_window.transcript_view import TranscriptView
from sotto.app.ui.main_window.welcome import Welcome, when_text
from sotto.app.ui.widgets.banner import BannerArea, Kind, Notice
from sotto.app.ui.widgets.drop_hint import DropHint
from sotto.app.ui.widgets.dropped import dropped_files
from sotto.app.ui.widgets.theme import icons, style
from sotto.app.ui.widgets.theme.colours import Colours
from sotto.app.ui.widgets.theme.restyling import Restyling

_FONT_SIZES = (8, 48)  # points; the range of the setting
_MENU_TEXTS = 10


class MainWindow(QMainWindow):
    """Sotto's window. Everything in it belongs to Qt's thread.

    Attributes:
        stays: says whether Sotto goes on when the window is closed, in the tray.
    """

    history_requested = Signal()
    settings_requested = Signal()
    recordings_requested = Signal()
    opening_requested = Signal()  # of recordings, which are to be asked for
    dropped = Signal(tuple)  # tuple[Path, ...]: recordings
    captions_requested = Signal()  # on, or off
    theme_applied = Signal(Colours)
    shown = Signal(bool)  # whether it is to be seen
    closed = Signal()  # for good, and once: all is kept

    def __init__(
        self,
        dictation: Dictation,
        text_storage: TextStorage,
        inventory: Inventory,
        settings: SettingsStore,
    ) -> None:
        super().__init__()
        self.dictation = dictation
        self.text_storage = text_storage
        self.inventory = inventory
        self._settings = settings
        self._cleared: Transcript | None = None
        self._may_close = False
        self._is_closing = False
        self.stays: Callable[[], bool] = lambda: False
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101  # a window cannot exist without one
        self._restyling = Restyling(app, self)
        self._restyling.changed.connect(self._set_colours)
        self._drop_hint = DropHint(self)
        self._build()
        Pickers(inventory, settings, self.header, self.banners, self.play_clip)
        self._connect()
        follow(settings, ("theme",), lambda now: self.set_theme(now.theme), self)
        follow(settings, ("font_size",), lambda now: self.view.set_font_size(now.font_size), self)
        self.set_theme(settings.current.theme)
        self.view.set_font_size(settings.current.font_size)
        self._text_changed(Transcript())
        self.dock.button.setFocus()
        self.inventory.look()
        self.text_storage.look_up()

    # Building ------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setWindowTitle("Sotto")
        self.setWindowIcon(icons.app_icon())
        self.resize(880, 640)
        self.setMinimumSize(QSize(420, 380))
        self.setAcceptDrops(True)
        self._previous_menu = QMenu("Previous te&xts", self)
        self._previous_menu.menuAction().setVisible(False)  # until there are some
        self._themes = ThemeMenu(self, self.choose_theme)
        self.actions_by_name = Actions(self, self._handlers())
        menu = self.actions_by_name.menu(
            self, {"undo_clear": self._previous_menu, "normal_size": self._themes}
        )
        self.header = Header(self.actions_by_name, menu, self)
        self.banners = BannerArea(self.header.last_control, self)
        self.view, self.welcome, self.dock = TranscriptView(), Welcome(), Dock()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.welcome)
        self._pages.addWidget(self.view)
        self.setCentralWidget(self._central())

    def _central(self) -> QWidget:
        central = QWidget()
        central.setObjectName("paper")
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.banners)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.dock)
        return central

    def _handlers(self) -> dict[str, Callable[[], None]]:
        return {
            "toggle": self.toggle,
            "play_clip": self.play_clip,
            "copy": self.copy_text,
            "save": self.save_text,
            "clear": self.clear_text,
            "undo_clear": self.undo_clear,
            "larger": lambda: self.change_font_size(self._settings.current.font_size + 2),
            "smaller": lambda: self.change_font_size(self._settings.current.font_size - 2),
            "normal_size": lambda: self.change_font_size(Settings().font_size),
            "open": self.opening_requested.emit,
            "recordings": self.recordings_requested.emit,
            "history": self.history_requested.emit,
            "captions": self.captions_requested.emit,
            "settings": self.settings_requested.emit,
            "refresh": self.look_again,
            "shortcuts": lambda: ShortcutsDialog(self).open(),
            "quit": self.quit,
        }

    def _connect(self) -> None:
        dictation, text_storage = self.dictation, self.text_storage
        dictation.phase_changed.connect(self._phase_changed)
        dictation.transcript_changed.connect(self._text_changed)
        dictation.finished.connect(lambda finished: self.view.announce(finished.final.text))
        dictation.preparing.connect(self.dock.show_preparing)
        dictation.levels.connect(self.dock.meter.show_levels)
        dictation.lag.connect(self.dock.show_lag)
        dictation.events.connect(self.dock.follow_sound)
        dictation.language.connect(self.dock.show_language)
        dictation.fault.connect(lambda message: self._warn("fault", message))
        dictation.incident.connect(
            lambda message: self.banners.show_notice("incident", Notice(Kind.WARNING, message))
        )
        text_storage.failed.connect(lambda message: self._warn("save", message))
        text_storage.kept_texts.connect(self._offer_texts)
        text_storage.opened.connect(self._opened)
        self.dock.toggled.connect(self.toggle)
        self.view.copy_requested.connect(self.copy_text)
        self.welcome.continue_requested.connect(text_storage.open)
        self.welcome.recordings_requested.connect(self.recordings_requested)
        change = self._settings.change
        self.header.microphone.picked.connect(lambda name: change(microphone=name))
        self.header.model.picked.connect(lambda name: change(model=name))
        QApplication.styleHints().colorSchemeChanged.connect(lambda _: self._follow_system())

    def look_again(self) -> None:
        """Look for microphones and models anew."""
        self.inventory.look()

    # Dictating -----------------------------------------------------------------------------

    def listen_at_once(self) -> None:
        """Start as soon as the microphones are known; where there is none, play the clip."""
        self.inventory.microphones_known.connect(
            self._listen_or_play, Qt.ConnectionType.SingleShotConnection
        )

    def _listen_or_play(self, has_microphone: bool) -> None:
        if self.dictation.phase is not Phase.IDLE:
            return  # the user was faster
        if has_microphone:
            self.toggle()
        else:
            self.play_clip()

    def toggle(self) -> None:
        """Start, or stop and finish what was said."""
        if self.dictation.shown_phase is Phase.IDLE:
            self._forget_what_went_wrong()
            microphone, model = self.inventory.chosen
            self.dictation.listen(Request(Purpose.WINDOW, Sound.MICROPHONE, microphone, model))
        else:
            self.dictation.stop()

    def play_clip(self) -> None:
        """Send the bundled clip through the very path that the microphone takes."""
        self._forget_what_went_wrong()
        self.dictation.listen_if_idle(
            Request(Purpose.WINDOW, Sound.CLIP, model=self.inventory.model)
        )

    def _phase_changed(self, _phase: Phase) -> None:
        phase = self.dictation.shown_phase
        self.dock.show_phase(phase)
        self.welcome.show_phase(phase)
        is_idle = phase is Phase.IDLE
        self.header.set_pickable(is_idle)
        self.actions_by_name["play_clip"].setEnabled(is_idle)
        self._previous_menu.setEnabled(is_idle)
        if is_idle and self._is_closing:
            self._close_when_kept()

    def _text_changed(self, transcript: Transcript) -> None:
        self.view.show_transcript(transcript)
        self._pages.setCurrentWidget(self.welcome if transcript.is_empty else self.view)
        self.text_storage.keep(transcript)
        for name in ("copy", "save", "clear"):
            self.actions_by_name[name].setEnabled(not transcript.is_empty)
        self.actions_by_name["undo_clear"].setEnabled(self._cleared is not None)

    def _forget_what_went_wrong(self) -> None:
        self.banners.dismiss("fault")
        self.banners.dismiss("incident")

    def _warn(self, topic: str, message: str) -> None:
        self.banners.show_notice(topic, Notice(Kind.ERROR, message))

    # The text ------------------------------------------------------------------------------

    def copy_text(self) -> None:
        """Copy what is selected, or all of the text."""
        if self.view.textCursor().hasSelection():
            self.view.copy()
        else:
            QGuiApplication.clipboard().setText(self.dictation.transcript.everything)

    def save_text(self) -> None:
        """Ask for a place and save all of the text there."""
        self.banners.dismiss("save")
        SaveDialog(self.text_storage, lambda: self.dictation.transcript.everything, self).ask()

    def clear_text(self) -> None:
        """Remove all paragraphs; what is being said right now stays."""
        shown = self.dictation.transcript
        if not shown.paragraphs:
            return
        self._cleared = shown
        self.text_storage.begin_new_text()
        self.dictation.put(replace(shown, paragraphs=()))
        self.banners.show_notice(
            "cleared", Notice(Kind.INFO, "The text was cleared.", "&Undo", self.undo_clear)
        )

    def undo_clear(self) -> None:
        """Bring the cleared paragraphs back, before those that came since."""
        if self._cleared is None:
            return
        restored, self._cleared = self._cleared.paragraphs, None
        self.banners.dismiss("cleared")
        now = self.dictation.transcript
        self.dictation.put(replace(now, paragraphs=restored + now.paragraphs))

    def _offer_texts(self, kept: tuple[KeptText, ...]) -> None:
        self.welcome.offer(kept[0] if kept else None)
        self._previous_menu.clear()
        self._previous_menu.menuAction().setVisible(bool(kept))
        for text in kept[:_MENU_TEXTS]:
            label = f"{when_text(text)}   {text.opening[:40]}".replace("&", "&&")
            action = self._previous_menu.addAction(label)
            action.triggered.connect(lambda _checked=False, each=text: self.text_storage.open(each))

    def _opened(self, transcript: Transcript) -> None:
        if self.dictation.phase is Phase.IDLE:
            self.dictation.put(transcript)
            self.text_storage.look_up()

    # The look ------------------------------------------------------------------------------

    def choose_theme(self, theme: Theme) -> None:
        """Use a theme from now on."""
        self._settings.change(theme=theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint everything in the colours of `theme`."""
        self._themes.check(theme)
        self._restyling.change(style.wanted_colours(theme, self._restyling.app))

    def _set_colours(self, colours: Colours) -> None:
        for part in (self.header, self.banners, self.view, self.dock):
            part.set_colours(colours)
        self.theme_applied.emit(colours)

    def change_font_size(self, points: int) -> None:
        """Show the text in another size, within the setting's range."""
        low, high = _FONT_SIZES
        self._settings.change(font_size=min(max(points, low), high))

    def _follow_system(self) -> None:
        if self._settings.current.theme is Theme.SYSTEM:
            self.set_theme(Theme.SYSTEM)

    # Keys and closing ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Space starts and stops wherever no control uses it."""
        plain = event.modifiers() is Qt.KeyboardModifier.NoModifier
        if event.key() == Qt.Key.Key_Space and plain and not event.isAutoRepeat():
            self.toggle()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  # Qt's name
        """Take recordings, and say so."""
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()
            self._drop_hint.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802  # Qt's name
        """They go elsewhere."""
        super().dragLeaveEvent(event)
        self._drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  # Qt's name
        """Have recordings transcribed."""
        self._drop_hint.hide()
        event.acceptProposedAction()
        self.dropped.emit(dropped_files(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Close once all that was said is written down and kept."""
        if self._may_close:
            event.accept()
            return
        event.ignore()
        if self.stays():
            self._go_to_tray()
            return
        if self._is_closing:
            return
        self._is_closing = True
        if self.dictation.phase is Phase.IDLE:
            self._close_when_kept()
            return
        self.dictation.stop()
        self.banners.show_notice(
            "closing",
            Notice(
                Kind.INFO,
                "Finishing the last words, then Sotto closes.",
                "&Close now",
                self._give_up_waiting,
            ),
        )

    def _give_up_waiting(self) -> None:
        """Keep what was recognised so far of the words that are not finished."""
        self.dictation.put(self.dictation.transcript.after(StateChanged(SessionState.STOPPED)))
        self._close_when_kept()

    def _close_when_kept(self) -> None:
        self.text_storage.flush(self._close_now)

    def _close_now(self) -> None:
        if self._may_close:  # the last words came after the user gave up waiting for them
            return
        self._may_close = True
        self.quit()
        self.closed.emit()

    def _go_to_tray(self) -> None:
        if self.dictation.purpose is Purpose.WINDOW:
            self.dictation.stop()
        self.hide()

    def quit(self) -> None:
        """Close for good, once all that was said is written down and kept."""
        self.stays = lambda: False
        if self.isVisible():
            self.close()
        else:  # Qt closes no hidden window
            QCoreApplication.sendEvent(self, QCloseEvent())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Tell that it is to be seen."""
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  # Qt's name
        """Tell that it is not to be seen."""
        super().hideEvent(event)
        self.shown.emit(False)
