"""The loggers of Sotto's modules."""

import logging

ROOT = "sotto"
DEFECT = logging.ERROR  # the level, and those above, of what should never happen in Sotto
# Without a handler of ours, Python would print warnings to the standard error output of programs
# that only use Sotto's modules.
logging.getLogger(ROOT).addHandler(logging.NullHandler())


def logger(module: str) -> logging.Logger:
    """Return the logger of a module, by its `__name__`.

    The message must be a literal: what it is about goes into the arguments, which the log masks.
    """
    return logging.getLogger(module)
