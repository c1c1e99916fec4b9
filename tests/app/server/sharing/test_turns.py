"""Who has the model: one at a time, live sessions first, and files not never."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from sotto.app.server.sharing.turns import MOST_LIVE_TURNS, Turns

Turn = Callable[[], AbstractContextManager[None]]


class Queue:
    """Threads that wait for the turn in a known order, while this one has it."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.took: list[str] = []
        self._threads: list[threading.Thread] = []
        self._held = self.turns.file()
        self._held.__enter__()

    def wait(self, name: str, turn: Turn) -> None:
        """Have another one wait, behind those that do."""
        before = len(self.turns._live) + len(self.turns._files)
        thread = threading.Thread(target=self._take, args=(name, turn))
        thread.start()
        self._threads.append(thread)
        while len(self.turns._live) + len(self.turns._files) == before:
            time.sleep(0.001)

    def go(self) -> list[str]:
        """Let go; return who took the turn, in order."""
        self._held.__exit__(None, None, None)
        for thread in self._threads:
            thread.join()
        return self.took

    def _take(self, name: str, turn: Turn) -> None:
        with turn():
            self.took.append(name)


def test_live_sessions_come_before_files_that_waited_longer() -> None:
    queue = Queue()
    for name in ("file 1", "file 2"):
        queue.wait(name, queue.turns.file)
    for name in ("live 1", "live 2"):
        queue.wait(name, queue.turns.live)
    assert queue.go() == ["live 1", "live 2", "file 1", "file 2"]


def test_files_go_on_however_many_people_speak() -> None:
    queue = Queue()
    n_live = 2 * MOST_LIVE_TURNS
    for i in range(n_live):
        queue.wait("live", queue.turns.live)
        if i < 2:
            queue.wait("file", queue.turns.file)
    assert queue.go() == (["live"] * MOST_LIVE_TURNS + ["file"]) * 2


def test_one_at_a_time_and_nobody_forgotten() -> None:
    turns, chance = Turns(), random.Random(0)
    users, most, done = 0, 0, 0

    def use(turn: Turn, n_times: int) -> None:
        nonlocal users, most, done
        for _ in range(n_times):
            with turn():
                users += 1
                most = max(most, users)
                time.sleep(0)
                done += 1
                users -= 1

    plans = [(chance.choice((turns.live, turns.file)), chance.randint(1, 40)) for _ in range(20)]
    threads = [threading.Thread(target=use, args=plan) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert done == sum(n_times for _, n_times in plans)
    assert turns.held_s == 0


def test_a_turn_ends_with_an_error() -> None:
    turns = Turns()
    try:
        with turns.live():
            assert turns.held_s > 0
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    with turns.file():
        pass
