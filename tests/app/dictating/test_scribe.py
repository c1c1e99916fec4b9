import pytest

from sotto.app.core.events import Dropped, Event, Final, Partial
from sotto.app.core.words import WordSettings, Writer
from sotto.app.dictating.scribe import Scribe


def after(*finals: str, settings: WordSettings | None = None) -> Scribe:
    scribe = Scribe(Writer.of(settings or WordSettings()))
    for number, text in enumerate(finals):
        scribe = scribe.after(Partial(number, number, text, ""))
        scribe = scribe.after(Final(number, number, number, number + 1, text))
    return scribe


@pytest.mark.parametrize(
    ("finals", "text"),
    [
        (("Dear Anna comma", "How are you?"), "Dear Anna,\nhow are you?\n"),
        (("One new line two.",), "One\nTwo.\n"),
        (("First.", "Second.", "Scratch that."), "First.\n"),
        (("First.", "Second.", "Scratch that.", "Third."), "First.\nThird.\n"),
        (("First.", "Scratch that.", "Scratch that."), ""),
        (("Say literal comma.",), "Say comma.\n"),
    ],
)
def test_spoken_commands_are_obeyed(finals: tuple[str, ...], text: str) -> None:
    scribe = after(*finals)
    assert scribe.transcript.text == text
    assert scribe.transcript.live == ""


def test_without_commands_the_words_are_written() -> None:
    scribe = after("Say comma.", settings=WordSettings(commands=False))
    assert scribe.transcript.text == "Say comma.\n"


def test_the_wish_to_stop_is_told_once() -> None:
    scribe = after("Done. Stop listening.")
    assert scribe.asks_to_stop
    assert scribe.transcript.text == "Done.\n"
    other: Event = Dropped(1, 0, 1, "no speech")
    assert not scribe.after(other).asks_to_stop
