"""What computes: processor, instruction set, operating system."""

import os
import platform
from dataclasses import dataclass

from sotto.app.core.cpu import cpu_name, n_usable_cores
from sotto.inference.caches.compiled import cpu_features
from sotto.inference.compute_type import ComputeType
from sotto.kernels.processor import fastest


@dataclass(frozen=True, slots=True)
class Machine:
    """This machine, as a benchmark names it.

    `cores` are all that the system has, `threads` those that the model may use.
    """

    cpu: str
    cores: int
    threads: int
    instructions: str
    os: str


def this_machine(compute_type: ComputeType) -> Machine:
    """Return what computes here, and with which instructions for a compute type."""
    return Machine(
        cpu=cpu_name(),
        cores=os.cpu_count() or 1,
        threads=n_usable_cores(),
        instructions=_instructions(compute_type),
        os=_os_name(),
    )


def _instructions(compute_type: ComputeType) -> str:
    """Name the byte kernels' instruction set, or the widest that compiled floats may use."""
    bytewise = fastest()
    if compute_type is ComputeType.INT8 and bytewise is not None:
        return bytewise.name.lower()
    features = cpu_features().split()
    return next((each for each in ("avx512f", "avx2") if each in features), platform.machine())


def _os_name() -> str:
    kernel = f"{platform.system()} {platform.release()}"
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {kernel}"
    except (OSError, KeyError):
        return kernel
