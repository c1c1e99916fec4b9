"""Mojo's compiler, as a command."""

import subprocess
import sys
from pathlib import Path


def mojo(*arguments: object) -> str:
    """Run it and return what it prints."""
    command = [str(Path(sys.executable).parent / "mojo"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"status {done.returncode}: {done.stderr}"
    return done.stdout
