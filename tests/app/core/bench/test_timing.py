"""Timing counts what it says, and no more."""

import time

import pytest

from sotto.app.core.bench.timing import Effort, Timing, gather, measure


def test_a_summary_has_least_and_median_in_milliseconds() -> None:
    assert Timing.of([0.004, 0.001, 0.002]) == Timing(1.0, 2.0, 3)
    assert Timing.of([0.004, 0.002]).median_ms == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("effort", "runs"),
    [
        (Effort(least=3, most=9, budget_s=0.0, starts=1), 3),
        (Effort(least=3, most=9, budget_s=60.0, starts=1), 9),
    ],
)
def test_the_first_run_warms_up_and_is_not_counted(effort: Effort, runs: int) -> None:
    calls: list[float] = []
    timing = measure(lambda: calls.append(time.perf_counter()), effort)
    assert timing.runs == runs
    assert len(calls) == runs + 1


def test_a_timing_of_parts_is_of_one_part() -> None:
    effort = Effort(least=2, most=2, budget_s=0.0, starts=1)
    timing = measure(lambda: time.sleep(0.03), effort, parts=3)
    assert 10.0 <= timing.min_ms <= timing.median_ms


def test_all_runs_of_a_sample_count() -> None:
    samples = iter([[9.0, 9.0], [0.001, 0.002], [0.003, 0.004]])
    effort = Effort(least=3, most=30, budget_s=0.0, starts=1)
    assert gather(lambda: next(samples), effort) == Timing(1.0, 2.5, 4)
