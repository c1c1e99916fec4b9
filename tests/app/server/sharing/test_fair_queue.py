"""Clients take turns; nothing that waits is lost, forgotten or taken twice."""

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from sotto.app.server.sharing.fair_queue import Client, Entry, FairQueue

CLIENTS: tuple[Client, ...] = (("ada",), ("ben",), ("eva",))


def taken(queue: FairQueue[int]) -> list[int]:
    """Take all, each once the one before is done."""
    numbers = []
    while (entry := queue.take()) is not None:
        numbers.append(entry.what)
        queue.done(entry)
    return numbers


def test_clients_take_turns_each_in_its_own_order() -> None:
    queue = FairQueue[int]()
    for number, client in enumerate((0, 0, 0, 0, 1, 1, 2)):
        queue.put(Entry(CLIENTS[client], number))
    assert taken(queue) == [0, 4, 6, 1, 5, 2, 3]


def test_who_has_nothing_at_work_comes_first() -> None:
    queue = FairQueue[int]()
    for number in range(4):
        queue.put(Entry(CLIENTS[0], number))
    at_work = [queue.take(), queue.take()]
    queue.put(Entry(CLIENTS[1], 4))
    queue.done(at_work[0])  # type: ignore[arg-type]
    assert taken(queue) == [4, 2, 3]


def test_one_short_one_of_each_client_passes_by_long_ones() -> None:
    queue = FairQueue[int]()
    for number, is_short in enumerate((False, True, True)):
        queue.put(Entry(CLIENTS[0], number, is_short))
    queue.put(Entry(CLIENTS[1], 3, is_short=True))
    ada = queue.take_short()
    ben = queue.take_short()
    assert ada is not None
    assert ben is not None
    assert (ada.what, ben.what, queue.take_short()) == (1, 3, None)
    queue.done(ada)
    again = queue.take_short()
    assert again is not None
    assert (again.what, taken(queue)) == (2, [0])


class AnyOrder(RuleBasedStateMachine):
    """Puts, takes and removals in any order."""

    waiting: Bundle[Entry[int]] = Bundle("waiting")
    working: Bundle[Entry[int]] = Bundle("working")

    def __init__(self) -> None:
        super().__init__()
        self.queue = FairQueue[int]()
        self.n_put = 0
        self.expected: list[Entry[int]] = []
        self.at_work: list[Entry[int]] = []

    @rule(target=waiting, client=st.sampled_from(CLIENTS), is_short=st.booleans())
    def put(self, client: Client, is_short: bool) -> Entry[int]:
        entry = Entry(client, self.n_put, is_short)
        self.n_put += 1
        self.queue.put(entry)
        self.expected.append(entry)
        return entry

    @rule(entry=consumes(waiting))
    def remove(self, entry: Entry[int]) -> None:
        self.queue.remove(entry)
        if entry in self.expected:
            self.expected.remove(entry)

    @rule()
    def take(self) -> None:
        entry = self.queue.take()
        assert (entry is None) == (not self.expected)
        if entry is not None:
            least = min(self.n_at_work(each.client) for each in self.expected)
            assert self.n_at_work(entry.client) == least
            assert entry is next(one for one in self.expected if one.client == entry.client)
            self.begin(entry)

    @rule()
    def take_short(self) -> None:
        entry = self.queue.take_short()
        busy = {each.client for each in self.at_work if each.is_short}
        free = [each for each in self.expected if each.is_short and each.client not in busy]
        assert (entry is None) == (not free)
        if entry is not None:
            assert entry in free
            self.begin(entry)

    @rule(number=st.integers(0, 9))
    def finish(self, number: int) -> None:
        if self.at_work:
            self.queue.done(self.at_work.pop(number % len(self.at_work)))

    @invariant()
    def nobody_is_forgotten(self) -> None:
        assert {client: len(entries) for client, entries in self.queue._waiting.items()} == {
            client: n
            for client in CLIENTS
            if (n := sum(each.client == client for each in self.expected))
        }
        assert self.queue._n_at_work.total() == len(self.at_work)

    def begin(self, entry: Entry[int]) -> None:
        self.expected.remove(entry)
        self.at_work.append(entry)

    def n_at_work(self, client: Client) -> int:
        return sum(each.client == client for each in self.at_work)


TestAnyOrder = AnyOrder.TestCase
