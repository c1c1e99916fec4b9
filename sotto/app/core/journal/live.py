"""The journals of the sessions of a window, until all their text is kept."""

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the window appears before numpy is there
    from sotto.app.core.journal.journal import Journal


class LiveJournals:
    """Finds the journal of a session by its number. Callable from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._journals: dict[int, Journal] = {}

    def add(self, number: int, journal: "Journal") -> None:
        """Remember the journal of a session."""
        with self._lock:
            ended = [each for each, known in self._journals.items() if known.join(0)]
            for each in ended:
                del self._journals[each]
            self._journals[number] = journal

    def kept(self, number: int, utterance: int) -> None:
        """The text of an utterance of that session is kept elsewhere."""
        with self._lock:
            if number in self._journals:
                self._journals[number].kept(utterance)

    def join(self, timeout_s: float) -> None:
        """Wait, so long at most, until the journals of sessions that are over are gone."""
        deadline = time.monotonic() + timeout_s
        with self._lock:
            journals = tuple(self._journals.values())
        for journal in journals:
            journal.join(max(0.0, deadline - time.monotonic()))
