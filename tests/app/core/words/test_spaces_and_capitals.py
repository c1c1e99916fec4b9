"""Several utterances, one text."""

import pytest

from sotto.app.core.settings import Settings
from sotto.app.core.words import WordSettings
from tests.helpers.dictated import dictated

EXAMPLES = [
    # The model's full stop is believed, and its capital after one.
    (["I am here.", "You are there."], "I am here. You are there."),
    (["i am here.", "you are there."], "I am here. You are there."),
    # A model begins every utterance with a capital; a pause is not the end of a sentence.
    (["I think that", "We should go."], "I think that we should go."),
    (["I think that", "It's late."], "I think that it's late."),
    (["I talked to", "Peter about it."], "I talked to Peter about it."),
    (["Then", "I went."], "Then I went."),
    (["They work for", "NASA."], "They work for NASA."),
    (["Well comma", "The end."], "Well, the end."),
    # Marks and breaks that are spoken after a pause take the place of the model's full stop.
    (["Is it true.", "Question mark.", "Yes."], "Is it true? Yes."),
    (["Hello.", "Comma.", "You there."], "Hello, you there."),
    (["He said, open quote, hello.", "Close quote."], "He said, “hello”."),
    (["Hello.", "Comma", "Scratch that", "Scratch that."], ""),
    (["Hello.", "New line.", "Next."], "Hello.\nNext."),
    (["Hello", "New paragraph", "next"], "Hello\n\nNext"),
    (["Well…", "Perhaps.", "well…", "perhaps"], "Well… Perhaps. Well… perhaps"),
    # Brackets and quotes.
    (["(As it is)", "We say."], "(As it is) we say."),
    (["He said “Go.”", "then he went"], "He said “Go.” Then he went"),
    (["Open quote", "Hello", "Close quote"], "“Hello”"),
    (["In open bracket", "Or on", "Close bracket", "The box"], "In (Or on) the box"),
    # What is written in a way of its own stays so.
    (["iPhone users"], "iPhone users"),
    (["µm apart"], "µm apart"),
    (["example.com is down."], "example.com is down."),
    (["5 apples.", "“quoted”"], "5 apples. “Quoted”"),
    (["", "  ", "Hello   there.\n", "", "And you?"], "Hello there. And you?"),
]


@pytest.mark.parametrize(("finals", "text"), EXAMPLES)
def test_utterances_become_one_text(finals: list[str], text: str) -> None:
    assert dictated(*finals) == text


def test_languages_without_spaces_get_none_between_utterances() -> None:
    settings = WordSettings.of(Settings(language="ja"))
    assert dictated("こんにちは。", "元気ですか。", settings=settings) == "こんにちは。元気ですか。"


def test_french_keeps_its_spaces_before_punctuation() -> None:
    french = WordSettings.of(Settings(language="fr"))
    assert dictated("Quoi ? « Oui » !", settings=french) == "Quoi ? « Oui » !"
    assert dictated("What ? ( Yes ) !") == "What? (Yes)!"
