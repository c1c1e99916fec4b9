"""What computes, and how exactly: values that other programs know, settled as what is here."""

from argparse import Namespace
from collections.abc import Mapping

from sotto.app.cli.flags.shared import COMPUTE_TYPES
from sotto.errors import UsageError
from sotto.nearest import did_you_mean

CPU = "cpu"
AUTO = "auto"
_GPUS = ("cuda", "gpu", "mps", "metal", "vulkan", "rocm", "hip", "xpu")

SUBSTITUTES: Mapping[str, str] = {
    "int8_float32": "int8",
    "int8_float16": "int8",
    "int8_bfloat16": "int8",
    "int16": "float32",
    "float16": "float32",
    "bfloat16": "float32",
}
"""CTranslate2's other types: the next one that loses no more."""
_OPEN = {AUTO, "default"}  # the setting, which is the quickest that this processor has


def settle(parsed: Namespace) -> None:
    """Replace what was asked for by what there is, and note where that is something else.

    Raises:
        UsageError: there is no such thing.
    """
    if "device" in parsed:
        parsed.device = _device(parsed.device)
    if "compute_type" in parsed:
        asked = parsed.compute_type
        parsed.compute_type = _compute_type(asked)
        if asked in SUBSTITUTES:
            parsed.notes += (f"--compute-type {asked}: {parsed.compute_type} is used instead",)


def _device(asked: str) -> str:
    kind = asked.lower().partition(":")[0]
    if kind in {AUTO, CPU}:
        return CPU
    if kind in _GPUS or kind.isdigit():
        raise UsageError(
            f"--device {asked}: Sotto computes on the processor alone so far; use --device cpu, "
            "or leave it out"
        )
    raise UsageError(
        f"--device says what computes, auto or cpu, not {asked!r}; to choose a microphone: "
        "sotto listen --microphone NAME"
    )


def _compute_type(asked: str | None) -> str | None:
    if asked is None or asked in _OPEN:
        return None
    if asked in COMPUTE_TYPES:
        return asked
    if asked in SUBSTITUTES:
        return SUBSTITUTES[asked]
    known = (*COMPUTE_TYPES, AUTO)
    raise UsageError(
        f"--compute-type: {asked!r} is not one of {', '.join(known)}"
        f"{did_you_mean(asked, (*known, *SUBSTITUTES))}"
    )
