"""Every test has folders of its own."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def in_own_folders(own_folders: None) -> None:
    """Nothing of the user's is touched."""


@pytest.fixture
def owner(qtbot: QtBot) -> Iterator[QObject]:
    """Own what a test makes, so that no other thread's last reference deletes it."""
    owner = QObject()
    yield owner
    owner.deleteLater()
