import pytest

from sotto.inference.streaming.guards import GuardSettings, loop_start, token_cap

SETTINGS = GuardSettings()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("so so so so", 1),
        ("we said thank you thank you thank you thank you", 4),
        ("a b c d e f " * 4, 6),
        ("x " + "a b c d e f " * 4 + "a b c", 7),
        ("no no no no no no no", 1),
    ],
)
def test_finds_where_a_loop_begins(text: str, kept: int) -> None:
    assert loop_start(text.split(), SETTINGS) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b c d",
        "no no no",
        "nine nine nine nine two",
        "thank you thank you thank you",
        "a b c d e f g " * 4,
    ],
)
def test_what_people_say_is_no_loop(text: str) -> None:
    assert loop_start(text.split(), SETTINGS) is None


def test_a_second_of_speech_holds_few_tokens() -> None:
    assert token_cap(0.0, SETTINGS) == 12
    assert token_cap(2.5, SETTINGS) == 32
