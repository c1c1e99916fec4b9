"""Who is next among clients that wait with many things or with one."""

import threading
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
Client = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Entry(Generic[T]):
    """Something that a client waits with. `is_short`: it will soon be done."""

    client: Client
    what: T
    is_short: bool = False


class FairQueue(Generic[T]):
    """Lets clients take turns, however much each of them waits with; each in its own order.

    Next is who has least at work, and of those who was not served for the longest time. Who claims
    to be many clients is served as if there were one queue. Safe to use from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Client, deque[Entry[T]]] = {}  # who is next comes first
        self._n_at_work: Counter[Client] = Counter()
        self._n_short_at_work: Counter[Client] = Counter()

    def put(self, entry: Entry[T]) -> None:
        """Have a client wait with one more."""
        with self._lock:
            self._waiting.setdefault(entry.client, deque()).append(entry)

    def remove(self, entry: Entry[T]) -> None:
        """Nobody waits with it any more. Does nothing if it does not wait."""
        with self._lock:
            if entry in self._waiting.get(entry.client, ()):
                self._drop(entry)

    def take(self) -> Entry[T] | None:
        """Return what is next, which is at work until it is `done`; None if nothing waits."""
        with self._lock:
            client = min(self._waiting, key=self._n_at_work.__getitem__, default=None)
            return None if client is None else self._begin(self._waiting[client][0])

    def take_short(self) -> Entry[T] | None:
        """Return the next short one, of a client that has no short one at work; else as `take`."""
        with self._lock:
            entry = next(self._short_ones(), None)
            return None if entry is None else self._begin(entry)

    def done(self, entry: Entry[T]) -> None:
        """It is not at work any more."""
        with self._lock:
            self._count(entry, -1)

    def _short_ones(self) -> Iterator[Entry[T]]:
        for client, entries in self._waiting.items():
            if not self._n_short_at_work[client]:
                yield from (entry for entry in entries if entry.is_short)

    def _begin(self, entry: Entry[T]) -> Entry[T]:
        self._drop(entry)
        if entry.client in self._waiting:  # with more, behind all others
            self._waiting[entry.client] = self._waiting.pop(entry.client)
        self._count(entry, 1)
        return entry

    def _drop(self, entry: Entry[T]) -> None:
        entries = self._waiting[entry.client]
        entries.remove(entry)
        if not entries:
            del self._waiting[entry.client]

    def _count(self, entry: Entry[T], more: int) -> None:
        for counter in (self._n_at_work, self._n_short_at_work)[: 1 + entry.is_short]:
            counter[entry.client] += more
            if not counter[entry.client]:
                del counter[entry.client]
