"""Peak of this process's memory, as Linux counts it."""

from collections.abc import Callable
from pathlib import Path

SELF = Path("/proc/self")


def peak_growth(run: Callable[[], object]) -> int:
    """Return by how many bytes the resident memory rose at most while `run` ran.

    All memory counts, of whatever allocator; what earlier runs have freed and the allocator kept
    does not, so the first run of its size tells most.
    """
    (SELF / "clear_refs").write_text("5")  # the peak becomes what is resident now: proc(5)
    before = _peak()
    result = run()
    growth = _peak() - before
    del result
    return growth


def resident() -> int:
    """Return how many bytes of this process are in memory, mapped files among them."""
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM")


def _status(field: str) -> int:
    status = (SELF / "status").read_text()
    return int(status.split(f"{field}:")[1].split()[0]) * 1024
