"""The program as its users start it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# The first start on a machine compiles the model; machines are slow and shared.
TIMEOUT_S = 600

# What the first run on a machine says on the way, be it before or after an error.
COLD_CACHE = "only once)…"

Sotto = Callable[..., "subprocess.CompletedProcess[str]"]


def clean_environment(folder: Path) -> dict[str, str]:
    """No settings, no sound server, no screen; official models and compiled graphs are shared."""
    unwanted = ("HF_", "PULSE_", "SOTTO_", "DISPLAY", "WAYLAND_DISPLAY")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(unwanted) or name in {"SOTTO_CACHE_DIR", "SOTTO_MODELS_DIR"}
    }
    return kept | {
        "HF_HOME": str(folder / "hf"),
        "PULSE_SERVER": f"unix:{folder}/no-server",
        "SOTTO_CONFIG_DIR": str(folder / "settings"),
        # Nobody recovers what another test has cut off.
        "XDG_STATE_HOME": str(folder / "state"),
    }


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return clean_environment(tmp_path)


@pytest.fixture
def sotto_program(environment: dict[str, str]) -> Sotto:
    """Run the program to its end; keywords change the environment."""

    def run(*arguments: str | Path, **changes: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "sotto", *map(str, arguments)],
            env=environment | changes,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=TIMEOUT_S,
            check=False,
        )

    return run


def refused(result: "subprocess.CompletedProcess[str]") -> str:
    """Check that an error was told as it should be, and return its line."""
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    lines = [line for line in result.stderr.splitlines() if not line.endswith(COLD_CACHE)]
    assert lines[-1].startswith("sotto: ")
    return lines[-1]
