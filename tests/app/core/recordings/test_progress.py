"""How much is left, and how it went."""

from pathlib import Path

import pytest

from sotto.app.core.recordings.tally import Tally, spoken_time
from sotto.app.core.recordings.workload import Workload


def test_the_summary_names_what_there_was() -> None:
    assert Tally(n_done=2, sound_s=90.0, work_s=10.0).summary() == (
        "2 done; 1 min 30 s of sound in 10 s, 9 times real time"
    )
    assert Tally(1, 2, 3, 4).summary() == (
        "1 done, 2 with faults (above), 3 whose texts are there already, 4 left for --skip-existing"
    )
    assert Tally().summary() == "none"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (3.21, "3.2 s"),
        (59.96, "1 min 0 s"),
        (245.4, "4 min 5 s"),
        (3599.9, "1 h 0 min"),
        (7810.0, "2 h 10 min"),
    ],
)
def test_times_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert spoken_time(seconds) == said


def test_what_is_left_is_guessed_by_what_was_read(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.mp3", "b.mp3", "c.wav", "missing.wav")]
    for path in paths[:3]:
        path.write_bytes(bytes(160_000))
    work = Workload(paths)
    assert work.seconds(paths[1]) == pytest.approx(10.0)  # 128 kbit/s
    work.finish(paths[0], 20.0)
    assert work.seconds(paths[1]) == pytest.approx(20.0)
    left_s = work.left_s
    work.finish(paths[2])
    work.finish(paths[3])
    assert work.left_s == pytest.approx(20.0)
    assert left_s > 20.0
