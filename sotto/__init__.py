"""Sotto: live speech to text on your own machine.

What is named here is for other programs and keeps its meaning from version to version; everything
below is Sotto's own and may change. It is imported when it is first asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sotto.api import (
        Dropped,
        Final,
        Gap,
        Listening,
        Partial,
        Preparing,
        Segment,
        SottoError,
        Transcription,
        Waiting,
        WordTiming,
        listen,
        transcribe,
    )

__version__ = "0.1.0"

__all__ = [
    "Dropped",
    "Final",
    "Gap",
    "Listening",
    "Partial",
    "Preparing",
    "Segment",
    "SottoError",
    "Transcription",
    "Waiting",
    "WordTiming",
    "listen",
    "transcribe",
]


if not TYPE_CHECKING:  # type checkers know every name, and tell of others

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from sotto import api  # noqa: PLC0415 (a bound key waits for this module)

        return getattr(api, name)
