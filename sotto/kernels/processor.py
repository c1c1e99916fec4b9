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


NEEDED_BY_MAX = {"avx2", "fma", "bmi1", "bmi2"}
"""Without any of them MAX 26.7 ends the process with an illegal instruction on x86-64."""


class Instructions(IntEnum):
    """Instruction sets of the byte kernels, slowest first; numbered as in x86/features.mojo."""

    AVX2 = 0
    AVX_VNNI = 1
    VNNI = 2
    AMX = 3


# What x86/features.mojo asks of the compiler: all of one of these. AVX-VNNI is not AVX-512 VNNI:
# Intel's desktop processors since 2021 have 256 bits of it, and no AVX-512.
_VNNI = {"avx512f", "avx512_vnni"}
_NEEDED = {
    Instructions.AVX2: [{"avx2"}],
    Instructions.AVX_VNNI: [{"avx2", "avx_vnni"}, {"avx2", "avx512vl", *_VNNI}],
    Instructions.VNNI: [_VNNI],
    Instructions.AMX: [{"amx_tile", "amx_int8", *_VNNI}],
}


def cpu_flags() -> frozenset[str]:
    """Return the features that Linux names of all cores; none where it cannot be asked."""
    try:
        lines = CPUINFO.read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    of_cores = [line.partition(":")[2].split() for line in lines if line.startswith(NAMES)]
    return frozenset(of_cores[0]).intersection(*of_cores) if of_cores else frozenset()


def lacking() -> tuple[str, ...]:
    """Return what MAX needs and this processor lacks; nothing where that cannot be told."""
    flags = cpu_flags()
    is_x86 = "sse2" in flags
    return tuple(sorted(NEEDED_BY_MAX - flags)) if is_x86 else ()


def available() -> tuple[Instructions, ...]:
    """Return what this processor can run, slowest first; nothing where bytes gain nothing."""
    flags = cpu_flags()
    return tuple(each for each in Instructions if any(need <= flags for need in _NEEDED[each]))


def fastest() -> Instructions | None:
    """Return what to use on this processor: the fastest, or what $SOTTO_INT8 names.

    AMX only by name: where it was measured it was no faster (docs/performance.md). Where the
    system refuses it to this process the kernels use VNNI, with the same result.
    """
    choices = {each.name.lower(): each for each in available()}
    forced = os.environ.get(OVERRIDE, "").lower()
    by_itself = set(choices.values()) - {Instructions.AMX}
    return choices.get(forced, max(by_itself, default=None))
