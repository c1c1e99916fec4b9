import os
import subprocess
import sys
from pathlib import Path

from tests.helpers import inserting_beside_qt


def test_inserting_and_qt_never_wait_for_each_other(desktop: str) -> None:
    ended = subprocess.run(
        [sys.executable, inserting_beside_qt.__file__],
        env=os.environ
        | {"DISPLAY": desktop, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert ended.stdout == "100\n"
