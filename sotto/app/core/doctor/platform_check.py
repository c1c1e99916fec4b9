"""What Sotto runs on."""

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from sotto import __version__
from sotto.app.core import settings
from sotto.app.core.bench.hardware import this_machine
from sotto.app.core.doctor.finding import Finding, State
from sotto.inference.compute_type import ComputeType

_PACKAGES = ("max", "numpy", "PySide6-Essentials", "sounddevice")


def machine_findings(compute_type: ComputeType) -> Iterator[Finding]:
    """Look at versions, processor and settings."""
    machine = this_machine(compute_type)
    packages = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    yield Finding("Sotto", State.OK, f"{__version__}, Python {platform.python_version()}")
    yield Finding("Packages", State.OK, packages)
    yield Finding("System", State.OK, machine.os)
    instructions = machine.instructions.upper()
    yield Finding("Processor", State.OK, f"{machine.cpu}, {machine.cores} cores, {instructions}")
    warnings = settings.load().warnings
    yield from (Finding("Settings", State.PROBLEM, warning) for warning in warnings)
    if not warnings:
        yield Finding("Settings", State.OK, "as they should be")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "is missing"
