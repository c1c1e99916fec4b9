"""Whole models on processors that are not here: compiled for all kinds, run on the narrowest."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from sotto.inference.compute_type import ComputeType
from sotto.inference.model import whisper_model as model
from tests.helpers.processors import PROCESSORS, flags_of, pretend
from tools.fixtures import model_golden as golden
from tools.fixtures.random_checkpoint import ONE_LAYER, write_hugging_face

ROOT = Path(__file__).parents[3]
HASWELL = ["qemu-x86_64", "-cpu", "Haswell"]
"""The oldest that MAX itself runs on, emulated: 256 bits, and no instruction newer than 2013."""

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(platform.machine() != "x86_64", reason="they are of x86-64"),
]


def run(*command: object) -> str:
    arguments = [str(each) for each in command]
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, f"status {done.returncode}: {done.stderr}"
    return done.stdout


def compiled_for(processor: str, compute_type: ComputeType, folder: Path) -> Path:
    """Compile a model of one layer as it would be on a processor."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        pretend(monkeypatch, folder, flags_of(processor))
        recipe = model.recipe(ONE_LAYER, compute_type)
    graphs = folder / "graphs"
    module = "tests.helpers.graphs_for_processor"
    run(sys.executable, "-m", module, processor, graphs, recipe.to_json())
    return graphs


@pytest.mark.parametrize(
    ("compute_type", "share"), [(ComputeType.FLOAT32, 1e-4), (ComputeType.INT8, 0.05)]
)
def test_the_narrowest_processor_computes_the_same(
    tmp_path: Path, compute_type: ComputeType, share: float
) -> None:
    graphs = compiled_for("haswell", compute_type, tmp_path)
    folder = write_hugging_face(tmp_path / "model", ONE_LAYER, golden.SEED)
    program = [sys.executable, "-m", "tests.helpers.model_of_graphs", folder, graphs, compute_type]
    errors = dict(line.split() for line in run(*HASWELL, *program).splitlines())
    assert set(errors) == {"states", "logits"}
    assert max(map(float, errors.values())) < share


@pytest.mark.slow
@pytest.mark.parametrize("compute_type", ComputeType)
@pytest.mark.parametrize("processor", PROCESSORS)
def test_a_model_is_compiled(tmp_path: Path, processor: str, compute_type: ComputeType) -> None:
    """The kernels alone, which tests/kernels compiles for all of them, take a quarter of this."""
    assert compiled_for(processor, compute_type, tmp_path).stat().st_size > 100_000
