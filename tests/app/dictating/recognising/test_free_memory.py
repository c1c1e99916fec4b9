import errno
import subprocess
import sys

import pytest

from sotto.app.dictating.recognising.free_memory import is_out_of_memory
from sotto.errors import CheckpointError

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


def test_an_error_that_a_full_memory_led_to_is_known() -> None:
    def led_to(error: Exception) -> CheckpointError:
        try:
            raise CheckpointError("the file cannot be read") from error
        except CheckpointError as refused:
            return refused

    assert is_out_of_memory(MemoryError())
    assert is_out_of_memory(led_to(OSError(errno.ENOMEM, "no memory")))
    assert not is_out_of_memory(led_to(OSError(errno.ENOSPC, "no room")))
    assert not is_out_of_memory(led_to(ValueError()))
