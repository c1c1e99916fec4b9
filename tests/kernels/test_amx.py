"""The tiles of AMX: emulated, so that every processor proves how they are filled and multiplied."""

import re
from itertools import product
from pathlib import Path

import pytest

from sotto.kernels.ops import KERNELS_DIR
from tests.helpers.mojo import mojo

pytestmark = pytest.mark.engine
SOURCES = Path(__file__).parent / "amx"
CHECK = ["-I", str(KERNELS_DIR.parent), "-I", str(SOURCES), str(SOURCES / "check.mojo")]


def results(*cases: tuple[int, ...]) -> list[str]:
    """What check.mojo prints of each case."""
    lines = mojo("run", *CHECK, *(number for case in cases for number in case)).splitlines()
    assert len(lines) == len(cases)
    return [line.strip() for line in lines]


def tile_products(n_rows: int, n_in: int, n_panels: int) -> int:
    """Of 16 rows, 16 columns and the most inputs, up to 64, that divide a row."""
    step = max(k for k in range(4, 65, 4) if n_in % k == 0)
    return n_rows // 16 * (2 * n_panels) * (n_in // step)


def test_tiles_give_the_sums_of_plain_loops_and_touch_no_other_memory() -> None:
    rows = (16, 17, 31, 32, 33, 47, 48, 70)
    sizes = list(product(rows, (16, 64, 240, 272, 384, 1536), (1, 2, 4)))
    expected = [f"0 0 {tile_products(*size)}" for size in sizes]
    assert results(*((*size, 0, 0, 0) for size in sizes)) == expected


def test_the_emulation_notices_a_byte_that_may_not_be_touched() -> None:
    forbidden = [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    rows, panels, sums = results(*((32, 240, 2, *each) for each in forbidden))
    for line in (rows, panels):
        assert line.endswith("a row is loaded from memory of rows or of weights")
    assert sums.endswith("a row is stored to memory of sums")


def test_the_assembly_multiplies_unsigned_rows_by_signed_weights(tmp_path: Path) -> None:
    """AT&T order: signed bytes, unsigned bytes, sums (Intel's manual, TDPBUSD).

    That it can be assembled, the other tests show: the program they run contains it.
    """
    text = tmp_path / "check.s"
    mojo("build", "--emit", "asm", "-o", text, *CHECK)
    instructions = re.findall(
        r"^\s+(ldtilecfg|tile\w+|tdp\w+)(.*)$", text.read_text(), re.MULTILINE
    )
    tiles: dict[str, set[tuple[int, ...]]] = {}
    for name, operands in instructions:
        numbers = tuple(int(number) for number in re.findall(r"%tmm(\d)", operands))
        tiles.setdefault(name, set()).add(numbers)
    assert tiles == {
        "ldtilecfg": {()},
        "tilezero": {(0,), (1,), (2,), (3,)},
        "tileloadd": {(4,), (5,), (6,), (7,)},
        "tdpbusd": {(6, 4, 0), (7, 4, 1), (6, 5, 2), (7, 5, 3)},
        "tilestored": {(0,), (1,), (2,), (3,)},
        "tilerelease": {()},
    }
