"""The settings dialog, open, on the real X server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sotto.app.core.settings import Settings, SettingsStore, Value
from sotto.app.ui.settings_dialog import Choices, SettingsDialog
from tests.helpers.dialogs import bring_up, put_away
from tests.helpers.recorded_store import RecordedStore
from tests.helpers.scripted_engine import BASE, MICROPHONES, STARTER

OpenDialog = Callable[..., SettingsDialog]
CHOICES = Choices(
    MICROPHONES, (STARTER, BASE), ("screen-1",), starts_with_desktop=False, is_in_menu=False
)


@pytest.fixture
def open_dialog(qtbot: QtBot, qapp: QApplication) -> Iterator[OpenDialog]:
    dialogs = []

    def open_one(
        settings: Settings | None = None,
        choices: Choices = CHOICES,
        store: SettingsStore | None = None,
    ) -> SettingsDialog:
        dialog = SettingsDialog(store or RecordedStore(settings), choices)
        dialog.complete()
        dialogs.append(dialog)
        bring_up(qtbot, qapp, dialog)
        return dialog

    yield open_one
    for dialog in dialogs:
        put_away(qtbot, dialog)


def changes(dialog: SettingsDialog) -> list[dict[str, Value]]:
    """Return what is changed from the opening on; it grows."""
    store = dialog.form.store
    assert isinstance(store, RecordedStore)
    return store.saved


def control(dialog: SettingsDialog, name: str) -> Any:
    """Return the control of a setting, its page turned to."""
    (page,) = (page for page in dialog.pages if name in page.names)
    dialog.show_page(page.title)
    return dialog.form.field(name).control


def visible(parent: QWidget, kind: type[QWidget]) -> list[Any]:
    return [each for each in parent.findChildren(kind) if each.isVisible()]
