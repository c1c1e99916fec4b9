"""The one model, as each of those sees it who share it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

import numpy as np
from numpy.typing import NDArray

from sotto.app.server.figures import Figures
from sotto.inference.interfaces import Array, Audio, Cache, Checkpoint, Model, Step, Window

Turn = Callable[[], AbstractContextManager[None]]


class SharedModel:
    """A `Model` that waits for its turn before each run of a graph.

    Owned by one thread; the model below it is owned by who has the turn.

    Args:
        model: is shared.
        figures: count what is run.
        turn: waits for the turn; by default the caller has it.
        check: called before each run; what it raises ends the work.
    """

    def __init__(
        self,
        model: Model,
        figures: Figures,
        turn: Turn = nullcontext,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._model = model
        self._figures = figures
        self._turn = turn
        self._check = check
        self.threads = 0

    @property
    def checkpoint(self) -> Checkpoint:
        """See `Model.checkpoint`."""
        return self._model.checkpoint

    def log_mel(self, pcm: Array, starts: NDArray[np.int32] | None = None) -> Array:
        """See `Model.log_mel`."""
        with self._at_work():
            return self._model.log_mel(pcm, starts)

    def encode(self, mel: Array) -> Audio:
        """See `Model.encode`."""
        with self._at_work():
            return self._model.encode(mel)

    def new_window(self) -> Window:
        """See `Model.new_window`."""
        return self._model.new_window()

    def encode_into(self, window: Window, mel: Array, first: int, end: int) -> Audio:
        """See `Model.encode_into`."""
        with self._at_work():
            return self._model.encode_into(window, mel, first, end)

    def new_cache(self, *, traced: bool = False) -> Cache:
        """See `Model.new_cache`."""
        return self._model.new_cache(traced=traced)

    def decode(
        self,
        tokens: Sequence[int],
        cache: Cache,
        audio: Audio,
        *,
        rows: Sequence[int] | None = None,
    ) -> Array:
        """See `Model.decode`."""
        with self._at_work(n_tokens=len(tokens)):
            return self._model.decode(tokens, cache, audio, rows=rows)

    def decode_together(self, steps: Sequence[Step]) -> list[Array]:
        """See `Model.decode_together`."""
        with self._at_work(n_tokens=sum(len(step.tokens) for step in steps)):
            return self._model.decode_together(steps)

    def token_starts(self, scores: Array, rows: range, n_positions: int) -> Sequence[int]:
        """See `Model.token_starts`."""
        with self._at_work():
            return self._model.token_starts(scores, rows, n_positions)

    @contextmanager
    def _at_work(self, n_tokens: int = 0) -> Iterator[None]:
        self._check()
        with self._turn():
            self._model.threads = self.threads
            started = time.perf_counter()
            yield
            self._figures.add(tokens=n_tokens, model_s=time.perf_counter() - started)
