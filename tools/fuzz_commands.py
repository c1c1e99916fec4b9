"""Drive every command with hostile arguments, environments, files and streams.

    python -m tools.fuzz_commands --runs 2000 --seed 1

Each run must do what was asked, or tell in one line per matter why not and exit with 2: no
traceback, no signal, no endless wait, no message that names a defect, and nothing on a terminal
that a terminal obeys. Runs are random by their number alone, so that one can be had again.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence

from tools.hostile.case import Case
from tools.hostile.faults import fault_of
from tools.hostile.random_cases import case_of
from tools.hostile.regressions import REGRESSIONS
from tools.hostile.world import World, hostile_world


def tally(world: World, cases: Sequence[Case], *, is_verbose: bool) -> Counter[str]:
    """Run the cases, write what is wrong, and return how often each end came."""
    ends: Counter[str] = Counter()
    for number, case in enumerate(cases):
        started_s = time.monotonic()
        ended = world.run(case)
        fault = fault_of(case, ended)
        end = fault or ("done" if ended.code == 0 else "one clear line")
        ends[end] += 1
        if fault or is_verbose:
            took_s = time.monotonic() - started_s
            sys.stdout.write(f"{number} {end} {took_s:.1f} s {case!r}\n{ended.err[-3000:]}\n")
            sys.stdout.flush()
    return ends


def main() -> None:
    """Run and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="number of the first run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--regressions", action="store_true", help="begin with what once failed")
    parser.add_argument("--verbose", action="store_true", help="write every run")
    arguments = parser.parse_args()
    numbers = range(arguments.first, arguments.first + arguments.runs)
    cases = [*REGRESSIONS] if arguments.regressions else []
    cases += [case_of(number, arguments.seed) for number in numbers]
    started_s = time.monotonic()
    with hostile_world() as world:
        ends = tally(world, cases, is_verbose=arguments.verbose)
    figures = {"tried": len(cases), **ends, "seconds": round(time.monotonic() - started_s)}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
