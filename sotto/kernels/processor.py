"""Which instruction set the byte kernels use on this processor."""

import os
from enum import IntEnum
from pathlib import Path

OVERRIDE = "SOTTO_INT8"
"""Environment variable that forces an instruction set by name, such as `avx2`."""
CPUINFO = Path("/proc/cpuinfo")
"""Where Linux tells what its processors can do."""
NAMES = ("flags", "Features")
"""What it calls that, of x86-64 and of ARM."""


class Instructions(IntEnum):
    """Instruction sets of the byte kernels, slowest first; numbered as in processor.mojo."""

    AVX2 = 0
    VNNI = 1
    AMX = 2


# What processor.mojo asks of the compiler. AVX-VNNI (`avx_vnni`) is not AVX-512 VNNI: Intel's
# desktop processors have it without any vectors of 512 bits.
_NEEDED = {
    Instructions.AVX2: {"avx2"},
    Instructions.VNNI: {"avx512f", "avx512_vnni"},
    Instructions.AMX: {"avx512f", "avx512_vnni", "amx_tile", "amx_int8"},
}


def cpu_flags() -> frozenset[str]:
    """Return the features that Linux names of all cores; none where it cannot be asked."""
    try:
        lines = CPUINFO.read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    of_cores = [line.partition(":")[2].split() for line in lines if line.startswith(NAMES)]
    return frozenset(of_cores[0]).intersection(*of_cores) if of_cores else frozenset()


def available() -> tuple[Instructions, ...]:
    """Return what this processor can run, slowest first; nothing where bytes gain nothing."""
    flags = cpu_flags()
    return tuple(each for each in Instructions if _NEEDED[each] <= flags)


def fastest() -> Instructions | None:
    """Return what to use on this processor: the fastest, or what $SOTTO_INT8 names.

    AMX only by name: where it was measured it was no faster (docs/performance.md). Where the
    system refuses it to this process the kernels use VNNI, with the same result.
    """
    choices = {each.name.lower(): each for each in available()}
    forced = os.environ.get(OVERRIDE, "").lower()
    by_itself = set(choices.values()) - {Instructions.AMX}
    return choices.get(forced, max(by_itself, default=None))
