"""What the window offers when something broke that should not."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sotto.app.core.traces import kept_traces, logger
from sotto.app.core.traces.crash_file import take_note
from sotto.app.core.traces.log_file import log_folder
from sotto.app.ui.app import App
from sotto.app.ui.main_window.notices import DEFECT
from tests.app.ui.conftest import WithApp, child, wait_for

SAID = "meet Anna at noon"


@pytest.fixture(autouse=True)
def with_traces(own_folders: None) -> Iterator[None]:
    with kept_traces("test"):
        yield


def break_it() -> None:
    raise ValueError(SAID)


def message(app: App) -> str:
    return app.window.banners.message(DEFECT) or ""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_defect_in_a_thread_can_be_reported(
    qtbot: QtBot,
    open_app: WithApp,
) -> None:
    app = open_app()
    app.settings.change(vocabulary=("Anna",))
    thread = threading.Thread(target=break_it)
    thread.start()
    thread.join()
    wait_for(qtbot, lambda: message(app).startswith("Something went wrong inside Sotto"))
    child(app.window.banners, QPushButton).click()
    wait_for(qtbot, lambda: message(app).startswith("The report is on the clipboard"))
    report = QGuiApplication.clipboard().text()
    assert report.startswith("# Report of Sotto")
    assert "vocabulary = 1 of them" in report
    assert "  ValueError\n" in report
    assert "elsewhere:28 break_it" in report
    assert "Anna" not in report


def test_a_crash_of_before_can_be_reported_once(qtbot: QtBot, open_app: WithApp) -> None:
    (log_folder() / "crash-20260101-120000-1.txt").write_text("Fatal Python error: Aborted")
    app = open_app()
    wait_for(qtbot, lambda: message(app).startswith("Something went wrong inside Sotto"))
    child(app.window.banners, QPushButton).click()
    wait_for(qtbot, lambda: message(app).startswith("The report is on the clipboard"))
    assert "Fatal Python error: Aborted" in QGuiApplication.clipboard().text()
    assert take_note(log_folder()) == 0


def test_a_flood_of_defects_is_told_once(qtbot: QtBot, open_app: WithApp) -> None:
    app = open_app()
    told: list[None] = []
    app._defects.found.connect(lambda: told.append(None))
    for _ in range(1000):
        logger("sotto.test").error("broken")
    wait_for(qtbot, lambda: message(app) != "")
    assert len(told) == 1


def test_what_the_user_is_told_anyway_is_no_defect(qtbot: QtBot, open_app: WithApp) -> None:
    app = open_app()
    told: list[None] = []
    app._defects.found.connect(lambda: told.append(None))
    logger("sotto.test").warning("no microphone")
    logger("sotto.test").error("broken")
    wait_for(qtbot, lambda: bool(told))
    assert len(told) == 1
