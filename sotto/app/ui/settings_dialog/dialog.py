"""The settings dialog: pages in a list at the side, changes that count at once."""

from collections.abc import Iterator, Mapping
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sotto.app.core.settings import SettingsStore, Value
from sotto.app.dictating.engine import Microphone, Model
from sotto.app.ui.settings_dialog.choices import Choices
from sotto.app.ui.settings_dialog.form import Form
from sotto.app.ui.settings_dialog.pages.captions_page import CaptionsPage
from sotto.app.ui.settings_dialog.pages.general_page import GeneralPage
from sotto.app.ui.settings_dialog.pages.history_page import HistoryPage
from sotto.app.ui.settings_dialog.pages.hotkey_page import HotkeyPage
from sotto.app.ui.settings_dialog.pages.insertion_page import InsertionPage
from sotto.app.ui.settings_dialog.pages.microphone_page import MicrophonePage
from sotto.app.ui.settings_dialog.pages.page import Page
from sotto.app.ui.settings_dialog.pages.words_page import WordsPage
from sotto.app.ui.widgets.buttons import push_button
from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import Colours

_PAGES: tuple[type[Page], ...] = (
    GeneralPage,
    MicrophonePage,
    HotkeyPage,
    InsertionPage,
    WordsPage,
    CaptionsPage,
    HistoryPage,
)
_SIZE = QSize(860, 680)
_LEAST_SIZE = QSize(560, 380)
_LIST_PADDING = 34  # pixels beside the widest title: the frame, and air


class SettingsDialog(QDialog):
    """Shows and changes all settings."""

    start_with_desktop = Signal(bool)
    show_in_menu = Signal(bool)
    hotkey_recording = Signal(bool)  # a key is being recorded: bound ones are to be let go
    edit_captions = Signal()
    delete_history = Signal()
    built = Signal()  # all pages are there

    def __init__(
        self, settings: SettingsStore, choices: Choices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setMinimumSize(_LEAST_SIZE)
        self.resize(_SIZE)
        self._undo_values: dict[str, Value] = {}
        self.form = Form(settings, self)
        self.pages: tuple[Page, ...] = ()
        self._colours: Colours | None = None
        self._stack = QStackedWidget(self)
        self._build_foot()
        self._arrange()
        self._unbuilt = self._pages_one_by_one(choices)
        next(self._unbuilt)
        self._list.setCurrentRow(0)
        # The others follow one a turn of Qt's loop: all at once would keep it too long.
        self._builder = QTimer(self, interval=0)
        self._builder.timeout.connect(self._build_next)
        self._builder.start()

    # What the caller shows -----------------------------------------------------------------

    def complete(self) -> None:
        """Build at once what is not built yet."""
        while self._builder.isActive():
            self._build_next()

    def set_microphones(self, microphones: tuple[Microphone, ...]) -> None:
        """Offer these microphones."""
        self.complete()
        self.microphone.offer_microphones(microphones)

    def set_models(self, models: tuple[Model, ...]) -> None:
        """Offer these models."""
        self.general.offer_models(models)

    def show_hotkey_status(self, text: str, *, is_error: bool) -> None:
        """Say what came of binding the hotkey, such as that another program has it."""
        self.complete()
        self.hotkey.show_status(text, is_error=is_error)

    def show_hotkey_test(self, *, is_down: bool) -> None:
        """Show that the hotkey is held."""
        self.complete()
        self.hotkey.show_test(is_down=is_down)

    def set_colours(self, colours: Colours) -> None:
        """Paint icons and what is drawn by hand in these colours."""
        self._colours = colours
        for row, kind in enumerate(_PAGES):
            self._list.item(row).setIcon(icons.icon(kind.icon, colours.text))
        for page in self.pages:
            page.set_colours(colours)

    def show_page(self, title: str) -> None:
        """Turn to a page by its title."""
        titles = [page.title for page in _PAGES]
        self._list.setCurrentRow(titles.index(title))

    # Building ------------------------------------------------------------------------------

    def _build_next(self) -> None:
        if next(self._unbuilt, None) is None:
            self._builder.stop()
            self.built.emit()

    def _pages_one_by_one(self, choices: Choices) -> Iterator[Page]:
        """Build each page in the order of the list."""
        shared = self.form, partial(_decided_elsewhere, choices.set_elsewhere), self._stack
        self.general = GeneralPage(*shared)
        self._furnish_general(choices)
        yield self._placed(self.general)
        self.microphone = MicrophonePage(*shared)
        self.microphone.offer_microphones(choices.microphones)
        yield self._placed(self.microphone)
        self.hotkey = HotkeyPage(*shared)
        self.hotkey.recording.connect(self.hotkey_recording)
        yield self._placed(self.hotkey)
        self.insertion = InsertionPage(*shared)
        yield self._placed(self.insertion)
        self.words = WordsPage(*shared)
        yield self._placed(self.words)
        self.captions = CaptionsPage(*shared)
        self.captions.offer_screens(choices.screens)
        self.captions.edit_captions.connect(self.edit_captions)
        yield self._placed(self.captions)
        self.history = HistoryPage(*shared)
        self.history.delete_history.connect(self.delete_history)
        yield self._placed(self.history)

    def _furnish_general(self, choices: Choices) -> None:
        self.general.offer_models(choices.models)
        self.general.show_start_with_desktop(choices.starts_with_desktop)
        self.general.show_menu_entry(choices.is_in_menu)
        self.general.start_with_desktop.connect(self.start_with_desktop)
        self.general.show_in_menu.connect(self.show_in_menu)

    def _placed(self, page: Page) -> Page:
        self.pages = (*self.pages, page)
        self._stack.addWidget(page)
        if self._colours is not None:
            page.set_colours(self._colours)
        return page

    def _build_list(self) -> QListWidget:
        side = QListWidget()
        side.setObjectName("pages")
        side.setAccessibleName("Pages")
        side.setIconSize(QSize(20, 20))
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setTextElideMode(Qt.TextElideMode.ElideRight)
        for kind in _PAGES:
            QListWidgetItem(kind.title, side)
        side.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        side.currentRowChanged.connect(self._turn_to)
        return side

    def _build_foot(self) -> None:
        self._said = QLabel()
        self._said.setObjectName("secondary")
        self._said.setWordWrap(True)
        self._undo = push_button("&Undo", self._undo_defaults)
        self._defaults = push_button("&Defaults", self._put_defaults)
        self._close = push_button("&Close", self.accept)
        self._undo.hide()

    def _arrange(self) -> None:
        self._list = self._build_list()
        foot = QHBoxLayout()
        foot.setContentsMargins(28, 12, 20, 16)
        foot.setSpacing(10)
        foot.addWidget(self._defaults)
        foot.addWidget(self._said, 1)
        foot.addWidget(self._undo)
        foot.addWidget(self._close)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._stack, 1)
        right.addLayout(foot)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._list)
        layout.addLayout(right, 1)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """The list is as wide as its titles, which only the style knows."""
        super().showEvent(event)
        self._list.setFixedWidth(self._list.sizeHintForColumn(0) + _LIST_PADDING)

    # Defaults ------------------------------------------------------------------------------

    def _turn_to(self, row: int) -> None:
        if row >= len(self.pages):
            self.complete()
        self._stack.setCurrentIndex(row)
        title = self.pages[row].title
        self._defaults.setAccessibleDescription(f"Of the page {title}")
        self._say("")

    def _put_defaults(self) -> None:
        page = self.pages[self._stack.currentIndex()]
        self.form.show_again(page.names)
        defaults = page.defaults()
        before = self.form.values(defaults)
        changes = {name: value for name, value in defaults.items() if value != before[name]}
        if not changes:
            self._say(f"{page.title}: all settings have their defaults.")
            return
        self._undo_values = self.form.values(changes)
        self.form.put(changes)
        self._say(f"{page.title}: all settings have their defaults again.", can_undo=True)

    def _undo_defaults(self) -> None:
        self.form.put(self._undo_values)
        self._say("")

    def _say(self, text: str, *, can_undo: bool = False) -> None:
        self._said.setText(text)
        had_focus = self._undo.hasFocus()
        self._undo.setVisible(can_undo)
        if had_focus and not can_undo:
            self._defaults.setFocus()


def _decided_elsewhere(set_elsewhere: Mapping[str, str], name: str) -> str:
    """Say what decides a setting, if that is not the dialog."""
    source = set_elsewhere.get(name)
    return f"Set by {source} now, which counts more than this." if source else ""
