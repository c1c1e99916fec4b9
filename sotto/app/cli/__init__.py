"""The command line."""

from sotto.app.cli.program import main

__all__ = ["main"]
