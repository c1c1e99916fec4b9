"""Qt's complaints, in a program of their own: pytest-qt takes those of this process."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
from PySide6.QtCore import QCoreApplication, qCritical, qDebug, qWarning
from sotto.app.core.traces import kept_traces
from sotto.app.service.qt_messages import logged_qt_messages

with kept_traces("test"):
    app = QCoreApplication([])
    with logged_qt_messages():
        qWarning("QFile::open: /home/anna/diary.txt is no file")
        qWarning("Anna's window has no icon")
        qCritical("QFile::close(): Anna")
    qWarning("afterwards")
"""


def run(state: Path, **environ: str) -> tuple[str, list[str]]:
    """Return what is on standard error output, and the lines of the log about Qt."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"XDG_STATE_HOME": str(state)} | environ,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = (state / "sotto" / "log" / "sotto.log").read_text().splitlines()
    return ended.stderr, [line.split("] ")[1] for line in lines if "qt_messages" in line]


def test_the_function_is_logged_and_the_message_told_once(tmp_path: Path) -> None:
    told, logged = run(tmp_path)
    assert told.splitlines() == [
        "QFile::open: /home/anna/diary.txt is no file",
        "Anna's window has no icon",
        "QFile::close(): Anna",
        "afterwards",
    ]
    assert logged == [
        "default: QFile::open: [str]",
        "default: ?: [str]",
        "default: QFile::close: [str]",
    ]


def test_messages_are_logged_for_those_who_ask(tmp_path: Path) -> None:
    _, logged = run(tmp_path, SOTTO_LOG="debug")
    assert logged[1] == "default: ?: Anna's window has no icon"
