"""What stands in an application into which words were dictated."""

from collections.abc import Iterable

from sotto.app.core.words import Action, Insert, Scratch, StopListening, WordSettings, Writer

DEFAULT = WordSettings()


class Paper:
    """A text that actions are carried out on; fails where one deletes what is not there."""

    def __init__(self) -> None:
        self.text = ""
        self.stopped = False

    def carry_out(self, actions: Iterable[Action]) -> None:
        for action in actions:
            match action:
                case Insert(text):
                    self.text += text
                case Scratch(text):
                    assert self.text.endswith(text), (self.text, text)
                    self.text = self.text[: len(self.text) - len(text)]
                case StopListening():
                    self.stopped = True


def dictated(*finals: str, settings: WordSettings = DEFAULT) -> str:
    """Return the text that utterances leave, one after the other."""
    return on_paper(*finals, settings=settings).text


def on_paper(*finals: str, settings: WordSettings = DEFAULT) -> Paper:
    paper = Paper()
    writer = Writer.of(settings)
    for final in finals:
        actions, writer = writer.final(final)
        paper.carry_out(actions)
    return paper
