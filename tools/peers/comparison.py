"""Runs all measures on all programs, round by round, one program at a time."""

import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from tools.peers.checkpoints import RandomModel
from tools.peers.measures import FEW_TOKENS, MANY_TOKENS, SHORT, Kind, Measure, Request
from tools.peers.process import WorkerError, WorkerProcess
from tools.peers.programs import SOTTO, Installed, Variant
from tools.peers.table import Row

FEW = {"n_tokens": FEW_TOKENS}


@dataclass(frozen=True, slots=True)
class Conditions:
    """What all programs are given alike."""

    model: RandomModel
    sound: Path
    threads: int
    rounds: int


class Comparison:
    """The programs on one model. Owned by one thread.

    Attributes:
        failures: one line for each thing that a program could not do.
        sampled: tokens of the same sound by each program, to see that all run the same model.
    """

    def __init__(
        self,
        conditions: Conditions,
        installed: Mapping[str, Installed],
        files: Mapping[Variant, Path],
    ) -> None:
        self._conditions = conditions
        self._installed = installed
        self._files = files
        self.failures: list[str] = []
        self.sampled: dict[Variant, list[int]] = {}

    def run(self, measures: Sequence[Measure]) -> list[Row]:
        """Return a row for each measure."""
        rows = [Row(measure) for measure in measures]
        with ExitStack() as stack:
            workers = self._start_all(stack)
            self._sample(workers)
            for index in range(self._conditions.rounds):
                for row in rows:
                    self._run_round(row, workers, index)
        return rows

    def _start_all(self, stack: ExitStack) -> dict[Variant, WorkerProcess]:
        workers = {}
        for variant in self._files:
            worker = stack.enter_context(self._process(variant))
            try:
                self._load(worker, variant)
            except WorkerError as error:
                self._note(variant, "loading", error)
            else:
                workers[variant] = worker
        return workers

    def _sample(self, workers: Mapping[Variant, WorkerProcess]) -> None:
        for variant, worker in workers.items():
            if variant.is_front_end:
                continue
            try:
                self.sampled[variant] = _ask(worker, SHORT, 1)["tokens"]
            except WorkerError as error:
                self._note(variant, "sampling", error)

    def _run_round(self, row: Row, workers: Mapping[Variant, WorkerProcess], index: int) -> None:
        """Measure each program once; each round another one begins."""
        order = [v for v in workers if not v.is_front_end or row.measure.request.what == "log_mel"]
        first = index % len(order)
        for variant in order[first:] + order[:first]:
            print(f"round {index + 1}: {row.measure.label}: {variant.name}", file=sys.stderr)
            try:
                values = self._samples(row.measure, variant, workers[variant])
            except WorkerError as error:
                self._note(variant, row.measure.label, error)
            else:
                row.add(variant, values)

    def _samples(self, measure: Measure, variant: Variant, worker: WorkerProcess) -> list[float]:
        request = measure.request
        if variant.program == SOTTO and measure.for_sotto is not None:
            request = measure.for_sotto
        if measure.kind is Kind.WARM:
            return _timed(worker, request, measure.repeats)
        if measure.kind is Kind.SLOPE:
            few = Request(request.what, request.arguments | FEW)
            longer = min(_timed(worker, request, measure.repeats))
            shorter = min(_timed(worker, few, measure.repeats))
            return [(longer - shorter) / (MANY_TOKENS - FEW_TOKENS)]
        return [self._fresh(measure.kind, variant, request)]

    def _fresh(self, kind: Kind, variant: Variant, request: Request) -> float:
        """Return one figure of a process that is started for it."""
        started = time.perf_counter()
        with self._process(variant) as worker:
            self._load(worker, variant)
            if kind is Kind.EXTRA:
                # Threads, tables and plans that the first call leaves behind do not count.
                _ask(worker, Request(request.what, {"seconds": 0.3}), 1)
                extra_mb: float = worker.call("peak", **_fields(request))["extra_mb"]
                return extra_mb
            reply = _ask(worker, request, 1)
            elapsed_s = time.perf_counter() - started
            return elapsed_s if kind is Kind.START else float(reply["peak_mb"])

    def _process(self, variant: Variant) -> WorkerProcess:
        python = self._installed[variant.program].python
        return WorkerProcess(variant.program, python, self._conditions.threads)

    def _load(self, worker: WorkerProcess, variant: Variant) -> None:
        worker.call(
            "load",
            model=str(self._files[variant]),
            compute_type=variant.compute_type,
            threads=self._conditions.threads,
            sound=str(self._conditions.sound),
            prompt=self._conditions.model.prompt,
            n_mels=self._conditions.model.dims.n_mels,
        )

    def _note(self, variant: Variant, what: str, error: WorkerError) -> None:
        failure = f"{self._conditions.model.shape}, {variant.name}, {what}: {error}"
        if failure not in self.failures:
            self.failures.append(failure)


def n_in_common(some: Sequence[int], others: Sequence[int]) -> int:
    """Return how many tokens are the same before the first that is not."""
    pairs = zip(some, others, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _timed(worker: WorkerProcess, request: Request, repeats: int) -> list[float]:
    milliseconds: list[float] = _ask(worker, request, repeats, warm_up=repeats > 1)["ms"]
    worker.settle()
    return milliseconds


def _ask(
    worker: WorkerProcess, request: Request, repeats: int, *, warm_up: bool = False
) -> dict[str, Any]:
    """Return the answer; its tokens are exactly as many as were asked for."""
    reply = worker.call("measure", **_fields(request), repeats=repeats, warm_up=warm_up)
    n_sampled = None if reply["tokens"] is None else len(reply["tokens"])
    if n_sampled != request.n_tokens:
        raise WorkerError(f"sampled {n_sampled} tokens instead of {request.n_tokens}")
    return reply


def _fields(request: Request) -> dict[str, Any]:
    return {"what": request.what, "arguments": request.arguments}
