"""What `uv tool install` makes of Sotto works outside the checkout."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

import sotto

ROOT = Path(__file__).parents[1]
CLIP = ROOT / "tests" / "clips" / "starter" / "000.flac"


def run(command: Sequence[str | Path], folder: Path, **changes: str) -> str:
    """Run a program to its end and return what it wrote."""
    unwanted = {"PYTHONPATH", "VIRTUAL_ENV"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    result = subprocess.run(
        command,
        cwd=folder,
        env=kept | changes,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it, with the locked packages, into an environment of its own."""
    uv = shutil.which("uv") or ROOT / ".uv" / "bin" / "uv"
    environment = tmp_path_factory.mktemp("installed") / "environment"
    # uv keeps the wheel of a folder until its pyproject.toml changes: let it build anew.
    anew = ("--reinstall-package", "sotto")
    run(
        [uv, "sync", "--frozen", "--no-dev", "--no-editable", "--no-python-downloads", *anew],
        ROOT,
        UV_PROJECT_ENVIRONMENT=str(environment),
    )
    return environment


def test_the_command_is_there(installed: Path, tmp_path: Path) -> None:
    assert (
        run([installed / "bin" / "sotto", "--version"], tmp_path) == f"sotto {sotto.__version__}\n"
    )


def test_it_brings_model_and_kernels_along(installed: Path, tmp_path: Path) -> None:
    program = installed / "bin" / "sotto"
    python = installed / "bin" / "python"
    where = run([python, "-c", "import sotto; print(sotto.__file__)"], tmp_path)
    assert Path(where).is_relative_to(installed)
    said = run([program, "transcribe", CLIP, "--output_format", "txt"], tmp_path)
    assert "garden" in said
    assert (tmp_path / "000.txt").read_text()


def test_every_file_of_the_package_is_there(installed: Path) -> None:
    (package,) = installed.glob("lib/python3*/site-packages/sotto")
    shipped = {path.relative_to(package) for path in package.rglob("*") if path.is_file()}
    tracked = run(["git", "ls-files", "sotto"], ROOT).splitlines()
    assert {Path(name).relative_to("sotto") for name in tracked} <= shipped
