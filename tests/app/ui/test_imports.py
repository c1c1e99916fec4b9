"""What the window is not to wait for when it opens."""

import subprocess
import sys


def test_the_window_needs_no_numpy_to_be_seen() -> None:
    code = "import sys, sotto.app.ui.app, sotto.app.ui.main; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert "sotto.app.ui.main_window.main_window" in loaded
    assert not {"numpy", "av", "soxr", "sounddevice"} & set(loaded)
