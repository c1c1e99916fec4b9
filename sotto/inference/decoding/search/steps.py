"""Decoding as a run of steps, so that many windows can be decoded together.

A step of the decoder takes most of its time to read the weights, however few tokens it is for. So
whoever decodes does not call the model but yields the steps that it needs, and gets their logits;
one driver asks the model for the steps of one text, or of many at once.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from sotto.inference.interfaces import Array, Model, Step

T = TypeVar("T")

Steps: TypeAlias = Generator[Sequence[Step], Sequence[Array], T]
"""Yields steps that may be run together, is sent the logits of each, returns the outcome."""


def finish(model: Model, steps: Steps[T]) -> T:
    """Run the steps of one outcome and return it."""
    try:
        wanted = next(steps)
        while True:
            wanted = steps.send(model.decode_together(wanted))
    except StopIteration as end:
        outcome: T = end.value
        return outcome


def finish_together(
    model: Model, all_steps: Iterable[Steps[T]], most: int
) -> Iterator[tuple[int, T]]:
    """Run the steps of many outcomes, up to `most` of them at a time.

    As soon as one is finished the next begins, in the midst of the others: Orca's scheduling by
    iterations (Yu et al., 2022, "Orca: A Distributed Serving System for Transformer-Based
    Generative Models").

    Yields:
        The number of each outcome, and the outcome, as they come to their end.
    """
    waiting = enumerate(all_steps)
    running: list[_Running[T]] = []
    while True:
        while len(running) < most and (beginning := next(waiting, None)) is not None:
            running.append(_Running(*beginning))
        if not running:
            return
        ended = [one for one in running if one.outcome]
        if not ended:
            _step(model, running)
        for one in ended:
            running.remove(one)
            yield one.number, one.outcome[0]


@dataclass(slots=True)
class _Running(Generic[T]):
    """What has begun. `outcome` has one entry once it is finished."""

    number: int
    steps: Steps[T]
    wanted: Sequence[Step] = ()
    outcome: tuple[T, ...] = ()

    def __post_init__(self) -> None:
        self.go_on(None)

    def go_on(self, logits: Sequence[Array] | None) -> None:
        try:
            self.wanted = next(self.steps) if logits is None else self.steps.send(logits)
        except StopIteration as end:
            self.outcome = (end.value,)


def _step(model: Model, running: Sequence[_Running[T]]) -> None:
    logits = iter(model.decode_together([step for one in running for step in one.wanted]))
    for one in running:
        one.go_on([next(logits) for _ in one.wanted])
