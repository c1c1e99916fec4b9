import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.inference.decoding.result import DecodingResult
from sotto.inference.streaming.guards import (
    LONGEST_WORD,
    GuardSettings,
    has_no_time,
    is_invented,
    loop_start,
    token_cap,
    without_invented,
)
from sotto.inference.streaming.recogniser import Word

SETTINGS = GuardSettings()


def timed(text: str, word_s: float, start_s: float = 0.0) -> list[Word]:
    """Words that follow one another, each as long."""
    return [
        Word(f" {word}", start_s + i * word_s, start_s + (i + 1) * word_s)
        for i, word in enumerate(text.split())
    ]


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


@pytest.mark.parametrize("word_s", [0.18, 0.24, 0.42, 0.66])
def test_a_speaker_who_repeats_himself_takes_time_for_each_word(word_s: float) -> None:
    """Measured: "No, no, no, no, no." 0.18 to 0.24 s each, "I said no, no, no" 0.42 to 0.66 s."""
    words = timed("I said no no no no no no", word_s)
    assert not has_no_time(words, 8 * word_s, SETTINGS)


def test_words_without_length_were_not_said() -> None:
    said = timed("the same sentence", 0.3)
    loop = timed("the same sentence the same sentence", 0.0, start_s=0.9)
    assert without_invented([*said, *loop], 0.9, SETTINGS) == tuple(said)


def test_eight_words_in_a_tenth_of_a_second_were_not_said() -> None:
    said = timed("and then", 0.3)
    assert without_invented([*said, *timed("a b c d e f g h", 0.0125, 0.6)], 2.0, SETTINGS) == (
        *said,
    )


def test_two_short_words_may_have_no_length() -> None:
    words = [*timed("it", 0.2), *timed("is a", 0.0, 0.2), *timed("dog", 0.4, 0.2)]
    assert not has_no_time(words, 0.6, SETTINGS)


def test_more_repetitions_than_fit_into_the_sound_are_a_loop() -> None:
    words = timed("4- 3- " * 20, 0.05)
    assert without_invented(words, 2.0, SETTINGS) == tuple(words[:2])


def test_a_word_of_hundreds_of_letters_was_not_said() -> None:
    said = timed("well", 0.3)
    assert without_invented([*said, Word(" " + "a" * 300, 0.3, 2.0)], 2.0, SETTINGS) == (*said,)


def test_a_drawn_out_letter_was_not_said() -> None:
    assert without_invented([Word(" AHHHHHHH!", 0.0, 1.0)], 1.0, SETTINGS) == ()
    assert not has_no_time([Word(" 1000000", 0.0, 1.0)], 1.0, SETTINGS)


@pytest.mark.parametrize(
    ("no_speech", "logprob", "yet", "in_the_end"),
    [
        (0.44, -0.27, False, False),  # speech in noise at 5 dB
        (0.27, -0.85, False, False),  # likewise
        (0.97, -0.2, False, False),  # a likely text counts for more
        (0.63, -0.67, True, False),  # "Eight.", a recording of a digit
        (0.2, -1.35, True, False),  # "book.", a word cut out of a sentence
        (0.7, -1.1, True, True),
    ],
)
def test_what_the_model_takes_for_no_speech_needs_to_be_a_likely_text(
    no_speech: float, logprob: float, *, yet: bool, in_the_end: bool
) -> None:
    result = DecodingResult("en", (1,), "x", logprob, no_speech, 0.0, 1.0)
    assert is_invented(result, SETTINGS, final=False) is yet
    assert is_invented(result, SETTINGS, final=True) is in_the_end


def test_the_longest_words_in_use_may_be_said() -> None:
    word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
    assert len(word) < LONGEST_WORD
    assert not has_no_time([Word(word, 0.0, 4.0)], 4.0, SETTINGS)


@given(st.lists(st.sampled_from("abc"), max_size=30), st.floats(0.03, 0.7))
def test_words_that_take_time_are_kept_where_there_is_room_for_them(
    texts: list[str], word_s: float
) -> None:
    words = timed(" ".join(texts), word_s)
    room_s = max(len(words) / SETTINGS.words_per_s, len(words) * word_s)
    assert without_invented(words, room_s, SETTINGS) == tuple(words)


@pytest.mark.parametrize(
    ("seconds", "language", "cap"),
    [(0.0, "en", 12), (2.5, "en", 32), (2.0, "ta", 102), (2.0, None, 102)],
)
def test_a_second_of_speech_holds_so_many_tokens(
    seconds: float, language: str | None, cap: int
) -> None:
    assert token_cap(seconds, SETTINGS, language) == cap


def test_words_of_two_decodes_that_go_back_in_time_are_no_loop() -> None:
    words = [Word(" that", 3.6, 3.8), Word(" we", 0.8, 0.9), Word(" get", 0.9, 1.1)]
    assert without_invented(words, 5.0, SETTINGS) == tuple(words)
