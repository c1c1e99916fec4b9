import subprocess
import sys

import pytest

PROGRAM = """
import resource
import numpy as np
from sotto.app.dictating.recognising.free_memory import give_back_free_memory

def held_mb():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6

arrays = [np.ones(100_000, np.uint8) for _ in range(1_000)]  # each lies in the heap
full = held_mb()
del arrays[:-1]  # the last one stays at the heap's end
before = held_mb()
give_back_free_memory()
print(full - before, before - held_mb())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it is about glibc")
def test_holes_in_the_heap_go_back_to_the_system() -> None:
    run = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    without_mb, with_mb = map(float, done.stdout.split())
    assert without_mb < 20
    assert with_mb > 80
