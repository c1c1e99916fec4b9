"""Tries each way of inserting in a field of Sotto's own, and reads back what came."""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from sotto.app.core.settings import InsertMethod, Settings
from sotto.app.desktop.insertion import Inserter, Outcome, open_inserter
from sotto.errors import InsertionError

# Letters with accents, quotation marks, another script, and one beyond 16 bits.
SAMPLE = "Sotto é “quotes” 你好 🙂"
ARRIVES_WITHIN_S = 5.0
LOOK_EVERY_S = 0.02
COMPLAINTS = {
    Outcome.MOVED: "the focus went to another window",
    Outcome.SECRET: "the screen is locked, or a program takes all keys",
    Outcome.COPIED: "the text was only copied: keys are held, or the field did not paste",
}


class Field(Protocol):
    """A text field that has the focus. Both methods are called on the thread of `probe`."""

    def text(self) -> str:
        """What stands in it."""

    def clear(self) -> None:
        """Empty it and give it the focus."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What came of one method: `detail` says it in words, for the user."""

    method: InsertMethod
    ok: bool
    detail: str
    milliseconds: int


def probe(
    field: Field,
    methods: Iterable[InsertMethod],
    open_one: Callable[[Settings], Inserter] = open_inserter,
) -> Iterator[ProbeResult]:
    """Insert SAMPLE into `field` by each of `methods`, one after another; seconds each."""
    for method in methods:
        field.clear()
        started = time.monotonic()
        try:
            # Chosen, so that no other way is taken instead.
            with contextlib.closing(open_one(Settings(insert_method=method))) as inserter:
                complaint = _complaint(field, inserter)
        except InsertionError as error:
            complaint = str(error)
        milliseconds = round(1000 * (time.monotonic() - started))
        yield ProbeResult(method, not complaint, complaint or "the text arrived", milliseconds)


def _complaint(field: Field, inserter: Inserter) -> str:
    """What is wrong with what arrives, in words; empty if nothing is."""
    target = inserter.focused()
    if target is None:
        return "no window has the focus"
    outcome = inserter.insert(SAMPLE, target)
    if outcome is not Outcome.INSERTED:
        return COMPLAINTS[outcome]
    deadline = time.monotonic() + ARRIVES_WITHIN_S
    while (text := field.text()) != SAMPLE and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_S)
    return "" if text == SAMPLE else f"“{text}” arrived instead of “{SAMPLE}”"
