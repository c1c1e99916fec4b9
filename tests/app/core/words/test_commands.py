"""What users say, and what is written: to be read as a list of examples."""

import pytest

from sotto.app.core.words import Insert, Scratch, StopListening, WordSettings, Writer
from tests.helpers.dictated import dictated, on_paper

PUNCTUATION = [
    # A model writes what it hears, with capitals and punctuation of its own around it.
    ("Hello, comma, world.", "Hello, world."),
    ("hello comma world", "Hello, world"),
    ("Hello. Comma. The world.", "Hello, the world."),
    ("It works full stop next", "It works. Next"),
    ("It works period. Next", "It works. Next"),
    ("Is it true, question mark.", "Is it true?"),
    ("Is it true? Question mark. Yes.", "Is it true? Yes."),
    ("Stop exclamation mark!", "Stop!"),
    ("Stop exclamation point", "Stop!"),
    ("Two things, colon, one semi-colon two semicolon.", "Two things: one; two;"),
    ("Well, dot dot dot. Perhaps", "Well… Perhaps"),
    (
        "We went. Dash. The two of us, dash, home.",
        "We went \N{EN DASH} the two of us \N{EN DASH} home.",
    ),
    ("A well hyphen known fact", "A well-known fact"),
    ("She said, open quote, hello, close quote, and left.", "She said, “hello” and left."),
    ("It works full stop open quote really close quote", "It works. “Really”"),
    ("He asked, open quote, really, question mark, close quote.", "He asked, “really?”"),
    ("She said open quote go close quote. Then she left.", "She said “go”. Then she left."),
    ("See, open bracket, page two, close bracket.", "See, (page two)."),
    ("an array open square bracket zero close square bracket", "An array [zero]"),
    ("FULL STOP.", "."),
]

BREAKS = [
    ("Hello, comma, world. New line. Next", "Hello, world.\nNext"),
    ("Dear John comma new line thank you", "Dear John,\nThank you"),
    ("Dear John, new paragraph, thank you.", "Dear John\n\nThank you."),
    ("New line.", "\n"),
    (
        "To buy colon new line hyphen milk. New line. Dash. Bread",
        "To buy:\n- Milk.\n\N{EN DASH} Bread",
    ),
    ("one newline two new-line three", "One\nTwo\nThree"),
]

ORDINARY_WORDS = [
    "The period of time.",
    "I began a new line of work.",
    "In a comma separated list.",
    "Something new. Line up here.",
    "A new, line.",
    "I had to scratch that itch.",
    "He should stop listening to her.",
    "I had an itch, and I had to scratch that.",
    "He should never stop listening.",
    "A semi colon is rare.",
    "I got a quote from a plumber.",
    "They quote him often.",
    "He is a so-called, quote unquote, expert.",
    "The literal truth.",
    "The word “comma” is Greek.",
    'Say "new line" there.',
]

ESCAPES = [
    ("Literal comma.", "Comma."),
    ("Say literal new line twice.", "Say new line twice."),
    ("Say, literal, question mark, then go.", "Say, question mark, then go."),
    ("A literal literal truth", "A literal truth"),
    ("literal quote and literal unquote", "Quote and unquote"),
    ("He said quote new line unquote, then left.", "He said “new line”, then left."),
    ("Say quote new line un-quote", "Say “new line”"),
    ("Quote. Scratch that. End quote.", "“Scratch that”."),
    ("quote comma full stop close quote comma he said", "“comma full stop”, he said"),
    ("Quote, what? Unquote.", "“what?”"),
]


@pytest.mark.parametrize(("said", "written"), PUNCTUATION + BREAKS + ESCAPES)
def test_what_is_said_becomes_what_is_written(said: str, written: str) -> None:
    assert dictated(said) == written


@pytest.mark.parametrize("text", ORDINARY_WORDS)
def test_words_in_ordinary_use_are_no_commands(text: str) -> None:
    assert dictated(text) == text


@pytest.mark.parametrize(("said", "written"), PUNCTUATION + BREAKS + ESCAPES)
def test_without_commands_everything_is_text(said: str, written: str) -> None:
    assert dictated(said, settings=WordSettings(commands=False)) == said[0].upper() + said[1:]


def test_scratch_that_deletes_what_this_utterance_wrote() -> None:
    assert dictated("Hello.", "Send it to Bob, scratch that, to Alice.") == "Hello. To Alice."


@pytest.mark.parametrize(
    "end",
    ["scratch that", "scratch that.", ", scratch that.", ". Scratch that.", ", scratch that!"],
)
def test_scratch_that_is_obeyed_at_the_end_of_an_utterance(end: str) -> None:
    assert dictated("Hello.", f"We meet on Monday {end}".replace(" ,", ",")) == "Hello."


def test_scratch_that_alone_deletes_the_last_utterance_and_again_the_one_before() -> None:
    assert dictated("One.", "Two.", "Scratch that.") == "One."
    assert dictated("One.", "Two.", "Scratch that.", "Scratch that.", "three") == "Three"
    assert dictated("One.", "Scratch that, scratch that, scratch that.", "Two.") == "Two."
    assert dictated("One.", "Scratch that. Two, scratch that. Three.") == "Three."


def test_scratch_is_told_exactly_what_to_delete() -> None:
    _, writer = Writer.of(WordSettings()).final("Hello.")
    _, writer = writer.final("New line. Next")
    actions, writer = writer.scratch()
    assert actions == (Scratch("\nNext"),)
    actions, _ = writer.final("Bye.")
    assert actions == (Insert(" Bye."),)


def test_scratching_further_back_than_is_remembered_does_nothing() -> None:
    many = [f"Utterance {n}." for n in range(150)]
    scratched = dictated(*many, *["Scratch that."] * 151)
    assert scratched == " ".join(many[:50])
    assert dictated(*many, *["Scratch that."] * 151, "Comma.") == scratched.removesuffix(".") + ","


def test_stop_listening_ends_the_dictation_after_what_was_said_before() -> None:
    actions, _ = Writer.of(WordSettings()).final("Thank you. Stop listening.")
    assert actions == (Insert("Thank you."), StopListening())
    paper = on_paper("Thank you, stop listening")
    assert (paper.text, paper.stopped) == ("Thank you", True)


def test_an_utterance_is_inserted_at_once() -> None:
    actions, _ = Writer.of(WordSettings()).final("Dear John comma new line thank you full stop")
    assert actions == (Insert("Dear John,\nThank you."),)


def test_users_add_phrases_of_their_own() -> None:
    settings = WordSettings(
        phrases={
            "Smiley face": ":-)",
            "forget it": " [Scratch]",
            "good night": "[stop]",
            "my address": "1 High Street,\nBath",
            "point": ".",
            "comma": " comma",  # what Sotto knows can be changed
        }
    )
    assert dictated("Hello smiley face.", settings=settings) == "Hello :-)"
    assert dictated("The point Next", settings=settings) == "The. Next"
    assert dictated("Write to my address.", settings=settings) == "Write to 1 High Street,\nBath"
    assert dictated("One. Forget it. Two.", settings=settings) == "Two."
    assert on_paper("Good night.", settings=settings).stopped
    assert dictated("hello comma you", settings=settings) == "Hello comma you"


def test_languages_without_a_table_have_only_the_users_phrases() -> None:
    danish = WordSettings(phrases={"ny linje": "\n", "komma": ","}, language="da")
    assert dictated("Et semicolon, komma, ny linje. comma", settings=danish) == (
        "Et semicolon,\nComma"
    )
    assert dictated("literal komma", settings=danish) == "Literal,"
