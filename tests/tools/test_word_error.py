import pytest

from tools.word_error import CharacterErrors, WordErrors, character_errors, word_errors


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


@pytest.mark.parametrize(
    ("said", "heard", "language", "expected"),
    [
        ("Äußerst schön!", "äußerst schon", "de", CharacterErrors(1, 13)),
        ("a b", "ab", "fr", CharacterErrors(1, 3)),
        ("早上9点开门。", "早上 9点关门", "zh", CharacterErrors(1, 6)),
        ("猫である。", "猫", "ja", CharacterErrors(3, 4)),
        ("", "да", "ru", CharacterErrors(2, 0)),
    ],
)
def test_characters_are_counted_after_normalising(
    said: str, heard: str, language: str, expected: CharacterErrors
) -> None:
    assert character_errors([(said, heard)], language) == expected
    assert str(expected).endswith(f"({expected.n_errors} of {expected.n_characters} characters)")


def test_character_rate_is_errors_per_character_said() -> None:
    assert CharacterErrors(1, 4).rate == 0.25
    assert CharacterErrors(1, 0).rate == 1.0
