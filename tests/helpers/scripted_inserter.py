"""An inserter that does as a script tells it: for what real desktops do only now and then."""

from dataclasses import dataclass, field

from sotto.app.desktop.insertion import Outcome, Target
from sotto.errors import InsertionError

EDITOR = Target("1", "Editor", "letter.txt")
CHAT = Target("2", "Chat", "Anna")


@dataclass
class ScriptedInserter:
    """Windows with the text in each; `outcomes` are taken one by one, then all goes well."""

    focus: Target | None = EDITOR
    texts: dict[Target, str] = field(default_factory=dict)
    outcomes: list[Outcome | InsertionError] = field(default_factory=list)
    clipboard: str = ""
    is_closed: bool = False

    def focused(self) -> Target | None:
        return self.focus

    def insert(self, text: str, target: Target) -> Outcome:
        outcome = self._outcome(target)
        if outcome is Outcome.INSERTED:
            self.texts[target] = self.texts.get(target, "") + text
        return outcome

    def delete(self, text: str, target: Target) -> Outcome:
        outcome = self._outcome(target)
        if outcome is Outcome.INSERTED:
            assert self.texts.get(target, "").endswith(text)
            self.texts[target] = self.texts.get(target, "").removesuffix(text)
        return outcome

    def copy(self, text: str) -> None:
        self.clipboard = text

    def close(self) -> None:
        self.is_closed = True

    def _outcome(self, target: Target) -> Outcome:
        outcome = self.outcomes.pop(0) if self.outcomes else Outcome.INSERTED
        if isinstance(outcome, InsertionError):
            raise outcome
        return Outcome.MOVED if target != self.focus else outcome
