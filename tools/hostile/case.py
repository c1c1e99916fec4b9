"""One call of a command, with what surrounds it."""

from dataclasses import dataclass, field

from tools.fixtures.forked_command import Stream


@dataclass(frozen=True, slots=True)
class Case:
    """One call: what is given to it, and what surrounds it."""

    arguments: tuple[str, ...]
    environ: dict[str, str] = field(default_factory=dict)
    settings: str | None = None
    out: Stream = Stream.KEPT
    err: Stream = Stream.KEPT
