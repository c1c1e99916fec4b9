import pytest

from sotto.app.core.events import Gap
from sotto.app.core.gap_mark import gap_mark


@pytest.mark.parametrize(
    ("missing_s", "mark"),
    [
        (0.0, "[some sound is missing]"),
        (0.02, "[0.1 s of sound missing]"),
        (2.34, "[2.3 s of sound missing]"),
        (59.94, "[59.9 s of sound missing]"),
        (59.96, "[1 min 0 s of sound missing]"),
        (754.0, "[12 min 34 s of sound missing]"),
        (3600.0 * 8 + 90, "[8 h 1 min of sound missing]"),
        (3599.8, "[1 h 0 min of sound missing]"),
    ],
)
def test_a_gap_in_words(missing_s: float, mark: str) -> None:
    assert gap_mark(Gap(9.0, 4.0, 4.0 + missing_s, "away")) == mark
