"""One driver for the steps of one text or of many."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sotto.inference.decoding.search.steps import Steps, finish, finish_together
from sotto.inference.interfaces import Array, Audio, Cache, Model, Step

lengths = st.lists(st.lists(st.integers(0, 3), max_size=6), max_size=12)
"""How many steps each text wants at once, time after time."""


class Answering:
    """Answers each step with its own token, and remembers how many it was asked at once."""

    def __init__(self) -> None:
        self.n_asked: list[int] = []

    def decode_together(self, steps: Sequence[Step]) -> list[Array]:
        self.n_asked.append(len(steps))
        return [np.full(1, step.tokens[0], np.float32) for step in steps]


def text(number: int, wants: Sequence[int], running: set[int]) -> Steps[list[float]]:
    """Add up what comes back; `running` are those that have begun and not ended."""
    running.add(number)
    said = []
    for time, count in enumerate(wants):
        steps = [
            Step([100 * number + 10 * time + i], cast("Cache", None), cast("Audio", None))
            for i in range(count)
        ]
        answers = yield steps
        assert [int(each[0]) for each in answers] == [step.tokens[0] for step in steps]
        said += [float(each[0]) for each in answers]
    running.remove(number)
    return said


@given(lengths, st.integers(1, 5))
def test_many_come_to_the_ends_that_each_has_alone(wants: list[list[int]], most: int) -> None:
    alone = [finish(_model(), text(i, each, set())) for i, each in enumerate(wants)]
    running: set[int] = set()
    n_running: list[int] = []

    def all_steps() -> Iterator[Steps[list[float]]]:
        for number, each in enumerate(wants):
            n_running.append(len(running))
            yield text(number, each, running)

    together = dict(finish_together(_model(), all_steps(), most))
    assert [together[i] for i in range(len(wants))] == alone
    assert max(n_running, default=0) < most  # there was room for each


@given(st.integers(1, 5), st.integers(1, 5))
def test_as_many_are_asked_at_once_as_may_be(n_texts: int, most: int) -> None:
    model = Answering()
    texts = [text(number, [1, 1, 1], set()) for number in range(n_texts)]
    list(finish_together(cast("Model", model), texts, most))
    assert model.n_asked[0] == min(n_texts, most)
    assert sum(model.n_asked) == 3 * n_texts
    assert len(model.n_asked) == 3 * -(-n_texts // most)


def _model() -> Any:
    return Answering()
