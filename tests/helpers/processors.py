"""Processors that need not be here, by the names that LLVM gives them."""

import re
from functools import cache
from pathlib import Path

import pytest

from sotto.kernels import processor
from sotto.kernels.processor import Instructions
from tests.helpers.mojo import mojo

PROCESSORS = {
    "x86-64-v3": Instructions.AVX2,
    "haswell": Instructions.AVX2,
    "alderlake": Instructions.AVX2,
    "znver3": Instructions.AVX2,
    "znver4": Instructions.VNNI,
    "skylake-avx512": Instructions.AVX2,
    "sapphirerapids": Instructions.VNNI,
}
"""With what the byte kernels use there."""

LINUX_NAMES = {
    "avx512vnni": "avx512_vnni",
    "avxvnni": "avx_vnni",
    "amx-int8": "amx_int8",
    "amx-tile": "amx_tile",
}
"""What Linux calls a feature that LLVM calls otherwise, of those that Sotto asks about."""


@cache
def flags_of(name: str) -> str:
    """Return what Linux would say of a processor, as far as LLVM knows it."""
    said = mojo("build", "--target-cpu", name, "--print-effective-target")
    features = re.findall(r"\+([\w.-]+)", said)
    return " ".join(LINUX_NAMES.get(each, each) for each in features)


def pretend(monkeypatch: pytest.MonkeyPatch, folder: Path, *flags: str) -> None:
    """Let Sotto take this machine for one with a core for each of `flags`."""
    lines = [f"processor\t: {i}\nflags\t\t: {each}\n\n" for i, each in enumerate(flags)]
    (folder / "cpuinfo").write_text("".join(lines))
    monkeypatch.setattr(processor, "CPUINFO", folder / "cpuinfo")
    monkeypatch.delenv(processor.OVERRIDE, raising=False)
