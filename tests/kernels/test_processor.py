"""What the byte kernels use on processors of all kinds."""

from pathlib import Path

import pytest

from sotto.kernels.processor import OVERRIDE, Instructions, available, fastest

AVX2 = "fpu avx avx2"
VNNI = f"{AVX2} avx512f avx512_vnni"
AMX = f"{VNNI} amx_bf16 amx_tile amx_int8"


@pytest.fixture(autouse=True)
def no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OVERRIDE, raising=False)


def pretend(monkeypatch: pytest.MonkeyPatch, flags: str) -> None:
    content = f"processor\t: 0\nmodel name\t: any\nflags\t\t: {flags}\n"
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: content)


@pytest.mark.parametrize(
    ("flags", "count", "used"),
    [
        ("fpu sse2", 0, None),
        (AVX2, 1, Instructions.AVX2),
        (VNNI, 2, Instructions.VNNI),
        (f"{VNNI} amx_bf16 amx_tile", 2, Instructions.VNNI),
        (AMX, 3, Instructions.VNNI),
    ],
)
def test_the_fastest_measured_set_is_used(
    monkeypatch: pytest.MonkeyPatch, flags: str, count: int, used: Instructions | None
) -> None:
    pretend(monkeypatch, flags)
    assert available() == tuple(Instructions)[:count]
    assert fastest() == used


@pytest.mark.parametrize("named", Instructions)
def test_a_set_is_used_by_name(monkeypatch: pytest.MonkeyPatch, named: Instructions) -> None:
    pretend(monkeypatch, AMX)
    monkeypatch.setenv(OVERRIDE, named.name.lower())
    assert fastest() == named


def test_a_name_that_this_processor_has_not_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pretend(monkeypatch, VNNI)
    monkeypatch.setenv(OVERRIDE, "amx")
    assert fastest() == Instructions.VNNI
