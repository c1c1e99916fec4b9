import pytest

from sotto.app.ui.files.clock_words import clock, left_words, length_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1.0, "0:00"),
        (0.99, "0:00"),
        (59.999, "0:59"),
        (60.0, "1:00"),
        (3599, "59:59"),
        (3723, "1:02:03"),
    ],
)
def test_places(seconds: float, words: str) -> None:
    assert clock(seconds) == words


def test_lengths_are_rounded() -> None:
    assert [length_words(each) for each in (1.4, 1.6, 59.7)] == ["0:01", "0:02", "1:00"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "5 s left"),
        (42.0, "40 s left"),
        (54.9, "55 s left"),
        (58.0, "1 min left"),
        (170.0, "3 min left"),
        (3900.0, "1 h 5 min left"),
    ],
)
def test_what_is_left(seconds: float, words: str) -> None:
    assert left_words(seconds) == words
