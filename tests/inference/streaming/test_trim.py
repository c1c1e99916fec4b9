from sotto.inference.streaming.recogniser import Word
from sotto.inference.streaming.trim import Cut, TrimSettings, choose_cut

SETTINGS = TrimSettings(least_s=5.0, context_s=3.0)


def spoken(text: str) -> list[Word]:
    """One word a second, each with 0.2 s of silence before and after."""
    return [Word(f" {w}", i + 0.2, i + 0.8) for i, w in enumerate(text.split())]


def test_cuts_after_the_last_sentence_that_is_followed_by_committed_words() -> None:
    words = spoken("a b c d e f. g h i j. k l m.")
    assert choose_cut(words, 0.0, SETTINGS) == Cut(10.0, 10)


def test_without_a_sentence_keeps_committed_context() -> None:
    words = spoken("a b c d e f g h i j k l m")
    assert choose_cut(words, 0.0, SETTINGS) == Cut(9.0, 9)


def test_a_quote_may_follow_the_end_of_a_sentence() -> None:
    assert choose_cut(spoken("a b c d e f.” g h"), 0.0, SETTINGS) == Cut(6.0, 6)


def test_a_cut_that_frees_little_is_not_made() -> None:
    assert choose_cut(spoken("a b. c d e f g"), 0.0, SETTINGS) is None
    assert choose_cut(spoken("a b c d e f. g h i j k l m"), 4.0, SETTINGS) == Cut(9.0, 9)


def test_no_words_no_cut() -> None:
    assert choose_cut([], 0.0, SETTINGS) is None
    assert choose_cut(spoken("a"), 0.0, SETTINGS) is None
