"""What was written where: the one user of the inserter."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sotto.app.core.traces import logger
from sotto.app.core.words import Action, Insert, Scratch
from sotto.app.desktop.insertion import Inserter, Outcome, Target
from sotto.errors import InsertionError

_log = logger(__name__)

# Windows of Sotto itself show what is dictated anyway.
_OURS = "sotto"
# Dictations whose window is remembered: the one that runs, the one that is still being finished,
# and the last that was written, which can be undone.
_REMEMBERED = 3
_NO_DICTATION = 0  # dictations count from 1


@dataclass(frozen=True, slots=True)
class Report:
    """What came of writing.

    Attributes:
        outcome: of the last thing done.
        held: text that waits for the user to say where it goes.
        problem: what stood in the way, in one line; empty when nothing did.
    """

    outcome: Outcome
    held: str = ""
    problem: str = ""


class Insertions:
    """Writes into one application after another. Owned by one background thread.

    Dictations are told apart by numbers: while the words of one are still on their way, the next
    may have begun in another window.
    """

    def __init__(self, open_inserter: Callable[[], Inserter]) -> None:
        self._open_inserter = open_inserter
        self._inserter: Inserter | None = None
        self._targets: dict[int, Target | None] = {}
        self._held = ""
        self._holding: int | None = None  # the dictation whose text is held
        self._copied = ""  # of the newest dictation, what is only on the clipboard

    def look(self, dictation: int) -> Target | None:
        """Take the window that has the focus for where a dictation goes, and return it."""
        self._copied = ""
        try:
            target = self._the_inserter().focused()
        except InsertionError as error:
            _log.warning("no window is known", exc_info=error)
            target = None  # the text will be held, and the reason told then
        self._targets[dictation] = target
        for old in sorted(self._targets)[:-_REMEMBERED]:
            del self._targets[old]
        return target

    def write(self, dictation: int, actions: Sequence[Action]) -> Report:
        """Insert and delete, in order; what cannot be inserted is held, never lost."""
        report = Report(Outcome.INSERTED, self._held)
        for action in actions:
            match action:
                case Insert(text):
                    report = self._insert(dictation, text)
                case Scratch(text):
                    report = self._delete(dictation, text)
        return report

    def write_now(self, text: str) -> Report:
        """Insert a text of earlier where the focus is."""
        here = self._the_inserter().focused()
        if here is None or _is_ours(here):
            return self._hold(_NO_DICTATION, text)
        self._targets[_NO_DICTATION] = here
        return self._insert(_NO_DICTATION, text)

    def write_here(self) -> Report:
        """Insert what is held where the focus is now; what follows goes there too."""
        here = self._the_inserter().focused()
        text, dictation = self._held, self._holding
        if here is None or dictation is None:
            return Report(Outcome.MOVED, text)
        self.drop()
        self._targets[dictation] = here
        return self._insert(dictation, text)

    def copy(self) -> Report:
        """Put what is held on the clipboard."""
        self._the_inserter().copy(self._held)
        self.drop()
        return Report(Outcome.COPIED)

    def drop(self) -> None:
        """Forget what is held."""
        self._held, self._holding = "", None

    def open(self) -> None:
        """Be ready to look at once: the user may go elsewhere right after the hotkey."""
        with contextlib.suppress(InsertionError):  # told when there is something to write
            self._the_inserter()

    def close(self) -> None:
        """Let go of the display; it is opened again when it is needed, with the newest settings."""
        if self._inserter is not None:
            self._inserter.close()
            self._inserter = None

    def _insert(self, dictation: int, text: str) -> Report:
        target = self._targets.get(dictation)
        # What comes after held text must not come before it.
        if target is None or self._holding == dictation:
            return self._hold(dictation, text)
        if _is_ours(target):
            return Report(Outcome.INSERTED)
        try:
            outcome = self._the_inserter().insert(text, target)
        except InsertionError as error:
            _log.warning("%d characters were not inserted", len(text), exc_info=error)
            return self._hold(dictation, text, str(error))
        _log.info("%d characters: %s", len(text), outcome)
        if outcome is Outcome.MOVED:
            return self._hold(dictation, text)
        if outcome is Outcome.COPIED:
            return self._copy(self._copied + text)
        return Report(outcome)

    def _copy(self, text: str) -> Report:
        """Keep all of the dictation on the clipboard: it holds one text only."""
        self._copied = text
        self._the_inserter().copy(text)
        return Report(Outcome.COPIED)

    def _hold(self, dictation: int, text: str, problem: str = "") -> Report:
        self._held += text if self._holding in {None, dictation} else f"\n{text}"
        self._holding = dictation
        return Report(Outcome.MOVED, self._held, problem)

    def _delete(self, dictation: int, text: str) -> Report:
        if self._holding == dictation:
            self._held = self._held.removesuffix(text)
            return Report(Outcome.MOVED, self._held)
        if self._copied:
            return self._copy(self._copied.removesuffix(text))
        target = self._targets.get(dictation)
        if target is None or _is_ours(target):
            return Report(Outcome.INSERTED)
        try:
            return Report(self._the_inserter().delete(text, target))
        except InsertionError as error:
            _log.warning("%d characters were not deleted", len(text), exc_info=error)
            return Report(Outcome.MOVED, problem=str(error))

    def _the_inserter(self) -> Inserter:
        if self._inserter is None:
            self._inserter = self._open_inserter()
        return self._inserter


def _is_ours(target: Target) -> bool:
    return target.application.casefold() == _OURS
