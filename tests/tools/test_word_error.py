import pytest

from tools.word_error import WordErrors, word_errors


@pytest.mark.parametrize(
    ("said", "heard", "expected"),
    [
        ("Hello, Anna.", "hello anna", WordErrors(0, 2)),
        ("twenty three", "23", WordErrors(0, 1)),
        ("one two three", "", WordErrors(1, 1)),
        ("a red car", "a blue car here", WordErrors(2, 3)),
        ("", "noise", WordErrors(1, 0)),
        ("", "", WordErrors(0, 0)),
    ],
)
def test_errors_are_counted_after_normalising(said: str, heard: str, expected: WordErrors) -> None:
    assert word_errors([(said, heard)]) == expected


def test_rate_is_errors_per_word_said() -> None:
    assert word_errors([("a b", "a"), ("c d", "c d")]).rate == 0.25
    assert WordErrors(0, 0).rate == 0.0
    assert WordErrors(1, 0).rate == 1.0
