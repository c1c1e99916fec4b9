"""Nothing that was kept is lost when Sotto is killed, or when the file is damaged."""

import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.app.core.history import Dictated, History

ROOT = Path(__file__).parents[4]
# Adds texts with their sound for ever, and says each time that one is kept.
WRITER = """
import sys
from functools import cache
from pathlib import Path
import numpy as np
from sotto.app.core.history import Dictated, History

history = History(Path(sys.argv[1]))
for number in range(1_000_000):
    entry = history.add(Dictated(f"text {number}", 0.0, 1.0, "one"), np.zeros(16_000, np.float32))
    print(number, flush=True)
    if number % 3 == 0:
        history.delete([entry.id])
"""


@pytest.mark.parametrize("n_kept", [1, 10, 40])
def test_killed_while_it_writes(path: Path, n_kept: int) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=ROOT
    )
    with writer:
        assert writer.stdout is not None
        for _ in range(n_kept):
            last = int(writer.stdout.readline())
        writer.kill()
    history = History(path)
    try:
        assert history.warning is None
        found = [entry.text for entry in reversed(history.search(limit=100_000))]
        assert {f"text {number}" for number in range(last) if number % 3} <= set(found)
        sounds = {entry.sound for entry in history.search(limit=100_000)}
        assert set((path.parent / "history-sound").iterdir()) == sounds
        assert {len(soundfile.read(sound)[0]) for sound in sounds} <= {16_000}
        history.add(Dictated("after", 0.0, 1.0, "two"))
    finally:
        history.close()


@cache
def intact() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "history.sqlite3"
        history = History(path)
        for number in range(60):
            history.add(Dictated(f"text {number} " * 10, 0.0, 1.0, "one"))
        history.close()
        return path.read_bytes()


@settings(deadline=None)
@given(
    flips=st.lists(st.tuples(st.floats(0, 0.9999), st.integers(1, 255)), max_size=40),
    length=st.just(1.0) | st.floats(0, 1),
)
def test_any_damage_leaves_a_history_that_works(
    flips: list[tuple[float, int]], length: float
) -> None:
    damaged = bytearray(intact())
    for where, change in flips:
        damaged[int(where * len(damaged))] ^= change
    content = bytes(damaged[: int(length * len(damaged))])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "history.sqlite3"
        path.write_bytes(content)
        history = History(path)
        history.search()
        entry = history.add(Dictated("after", 0.0, 1.0, "two"))
        assert history.search("after") == (entry,)
        if history.warning is not None:
            assert path.with_name("history.sqlite3.broken").read_bytes() == content
        history.close()
