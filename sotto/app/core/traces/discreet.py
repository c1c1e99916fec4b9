"""How records become lines that hold nothing of what the user said, reads or owns."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from types import NoneType
from typing import Any

from sotto.app.core.traces.error_outline import kind, outline

_SAFE = (bool, int, float, NoneType)
_CONTINUED = "\n    "


class OwnWords(str):
    """A text that comes from Sotto's or Qt's code, never from the user; it is logged as it is."""

    __slots__ = ()


class DiscreetFormatter(logging.Formatter):
    """Writes a message's literal and, of its arguments, numbers, kinds and Sotto's own words.

    Any other argument is replaced by its type, `[str]`; of an error only the outline is written. So
    a careless line of logging tells too little rather than too much. It relies on messages being
    literals, which a test checks in all of Sotto's code.

    Args:
        is_open: whether arguments and messages of errors are written, too (`SOTTO_LOG=debug`).
    """

    def __init__(self, *, is_open: bool = False) -> None:
        super().__init__()
        self._is_open = is_open

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's time, process, level, module, thread and message, and its error."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(" ", "milliseconds")
        head = f"{when[:-6]}Z {record.process} {record.levelname} {record.name}"
        return f"{head} [{record.threadName}] {self.body(record)}"

    def body(self, record: logging.LogRecord) -> str:
        """Return the message and, below it, the error."""
        said = self._message(record).replace("\n", _CONTINUED)
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return said
        return f"{said}\n{outline(error, with_messages=self._is_open)}"

    def _message(self, record: logging.LogRecord) -> str:
        arguments = record.args if self._is_open else _masked(record.args)
        try:
            return str(record.msg) % arguments if arguments else str(record.msg)
        except (TypeError, ValueError, KeyError):  # %d of something that was masked
            return str(record.msg)


def _masked(arguments: object) -> Any:
    if isinstance(arguments, Mapping):
        return {name: _shown(value) for name, value in arguments.items()}
    return tuple(map(_shown, arguments)) if isinstance(arguments, tuple) else None


def _shown(value: object) -> object:
    if isinstance(value, OwnWords):
        return str(value)
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, type):
        return kind(value)
    return value if isinstance(value, _SAFE) else f"[{type(value).__name__}]"
