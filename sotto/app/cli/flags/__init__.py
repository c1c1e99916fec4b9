"""The commands and their flags. Imports nothing heavy, so that `--help` answers at once."""

from sotto.app.cli.flags.commands import parse
from sotto.app.cli.flags.shared import (
    CAPTION_SOURCES,
    COMPUTE_TYPES,
    STANDARD_OUTPUT,
    TASKS,
)

__all__ = ["CAPTION_SOURCES", "COMPUTE_TYPES", "STANDARD_OUTPUT", "TASKS", "parse"]
