"""The quick form of `tools/measure_long_window.py`: a minute in three seconds."""

import subprocess
import sys

import pytest


@pytest.mark.engine
def test_every_word_is_in_the_window_the_texts_and_the_history() -> None:
    command = [sys.executable, "-m", "tools.measure_long_window", "--hours", "0.015"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    (counted,) = (line for line in done.stdout.splitlines() if line.startswith("words recognised"))
    counts = {int(each) for each in counted.split(":")[1].split()}
    assert len(counts) == 1
    assert counts.pop() > 50
