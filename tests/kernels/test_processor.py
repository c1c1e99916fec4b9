"""What the byte kernels use on processors of all kinds, and what the compiler makes for these."""

import platform
import re
from pathlib import Path

import pytest

from sotto.app.core.models.loader import load_model
from sotto.errors import ModelError
from sotto.inference.compute_type import ComputeType, best_compute_type
from sotto.kernels import processor
from sotto.kernels.ops import KERNELS_DIR
from sotto.kernels.processor import (
    OVERRIDE,
    Instructions,
    available,
    cpu_flags,
    fastest,
    lacking,
)
from tests.helpers.mojo import mojo
from tests.helpers.processors import PROCESSORS, flags_of, pretend

AVX2 = "fpu avx avx2"
VNNI = f"{AVX2} avx512f avx512vl avx512_vnni"
AMX = f"{VNNI} amx_bf16 amx_tile amx_int8"
BYTE_PRODUCTS = {Instructions.AVX_VNNI: "y", Instructions.VNNI: "z"}
"""What the registers of the instruction `vpdpbusd` begin with, of 256 bits and 512."""
EVERY_KERNEL = Path(__file__).parent / "processors" / "every_kernel.mojo"


@pytest.mark.parametrize(
    ("flags", "count", "used"),
    [
        ("fpu sse2", 0, None),
        (AVX2, 1, Instructions.AVX2),
        (f"{AVX2} avx_vnni", 2, Instructions.AVX_VNNI),
        (f"{AVX2} avx512f avx512vl avx_vnni", 2, Instructions.AVX_VNNI),
        (VNNI, 3, Instructions.VNNI),
        (f"{VNNI} amx_bf16 amx_tile", 3, Instructions.VNNI),
        (AMX, 4, Instructions.VNNI),
    ],
)
def test_the_fastest_measured_set_is_used(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    flags: str,
    count: int,
    used: Instructions | None,
) -> None:
    pretend(monkeypatch, tmp_path, flags)
    assert available() == tuple(Instructions)[:count]
    assert fastest() == used


@pytest.mark.parametrize(
    ("flags", "missing"),
    [
        ("fpu sse2 avx2 fma bmi1 bmi2", ()),
        ("fpu sse2 avx", ("avx2", "bmi1", "bmi2", "fma")),  # Intel's of 2011
        ("fpu sse2 avx2 fma bmi1", ("bmi2",)),
        ("fp asimd", ()),  # ARM
        ("", ()),
    ],
)
def test_what_max_needs_is_known_before_it_is_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, flags: str, missing: tuple[str, ...]
) -> None:
    pretend(monkeypatch, tmp_path, flags)
    assert lacking() == missing
    if missing:
        with pytest.raises(ModelError, match=f"has no {', '.join(missing)}, without which"):
            load_model(tmp_path, lambda *_: None, ComputeType.FLOAT32)


@pytest.mark.parametrize("named", Instructions)
def test_a_set_is_used_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: Instructions
) -> None:
    pretend(monkeypatch, tmp_path, AMX)
    monkeypatch.setenv(OVERRIDE, named.name.lower())
    assert fastest() == named


def test_a_name_that_this_processor_has_not_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pretend(monkeypatch, tmp_path, VNNI)
    monkeypatch.setenv(OVERRIDE, "amx")
    assert fastest() == Instructions.VNNI


def test_of_unlike_cores_only_what_all_can_do_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pretend(monkeypatch, tmp_path, VNNI, AVX2)
    assert fastest() == Instructions.AVX2


def test_a_processor_of_which_nothing_is_known_computes_with_floats(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(processor, "CPUINFO", tmp_path / "none")
    assert cpu_flags() == frozenset()
    assert best_compute_type() is ComputeType.FLOAT32


@pytest.mark.skipif(platform.machine() != "x86_64", reason="they are of x86-64")
@pytest.mark.engine
@pytest.mark.parametrize("name", PROCESSORS)
def test_what_is_compiled_for_a_processor_is_what_is_used_on_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """Compiled at all, too: LLVM ends the process over a vector that the processor has not."""
    text = tmp_path / "kernels.s"
    command = ["--emit", "asm", "-I", KERNELS_DIR.parent, "-o", text, EVERY_KERNEL]
    mojo("build", "--target-cpu", name, *command)
    assembly = text.read_text()
    pretend(monkeypatch, tmp_path, flags_of(name))
    assert fastest() == PROCESSORS[name]
    widths = set(re.findall(r"\bvpdpbusd\b.*%([yz])mm", assembly))
    assert widths == {width for each, width in BYTE_PRODUCTS.items() if each in available()}
    assert ("%zmm" in assembly) == ("avx512f" in cpu_flags())
