"""The quick form of `tools/measure_kills.py`: a real window is killed once."""

import argparse
from pathlib import Path

import pytest

from tools.fixtures.official import official
from tools.measure_kills import PAUSES_S, compare, speech, window_tries

SAID = ["what", "is", "said", "is", "written", "and", "what", "is", "written", "is", "kept"]


@pytest.mark.parametrize(
    ("got", "lost", "n_otherwise", "n_twice"),
    [
        (SAID, [], 0, 0),
        ([*SAID, "and", "more"], [], 0, 0),  # said within the last second
        (SAID[:-2], ["is", "kept"], 0, 0),
        ([*SAID[:4], *SAID[6:]], ["written", "and"], 0, 0),
        (["what", "was", *SAID[2:]], [], 1, 0),
        ([*SAID[:4], "is", "said", *SAID[4:]], [], 0, 2),
        ([], SAID, 0, 0),
    ],
)
def test_words_are_lost_or_heard_otherwise_or_come_twice(
    got: list[str], lost: list[str], n_otherwise: int, n_twice: int
) -> None:
    assert compare(SAID, got) == (lost, n_otherwise, n_twice)


def test_a_killed_window_loses_nothing(tmp_path: Path) -> None:
    model = str(official("tiny.en"))
    given = speech(tmp_path, None, PAUSES_S["continuous"], model)
    options = argparse.Namespace(tries=1, longest=9.0, grace=1.0, model=model, slow_disk=None)
    tally = window_tries(given, options)
    assert (tally.n_tries, tally.lost, tally.n_damaged) == (1, [], 0)
