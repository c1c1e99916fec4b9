"""What is measured: a request for each row of the table, the same for all programs.

Where Sotto's request differs, the row's label says so.
"""

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

RECORDING_S = 161.5
WINDOW_S = 30.0
UTTERANCE_S = 5.0
UTTERANCE_TOKENS = 15
WINDOW_TOKENS = 100  # what is said in 30 s, at the pace of a reader
SHORT_POSITIONS = 256  # 5.12 s
PARTIAL_POSITIONS = 384  # the least that Sotto's partials take of stock weights
FEW_TOKENS, MANY_TOKENS = 5, 35


class Kind(StrEnum):
    """How a request is sent and what of its answer counts."""

    WARM = "warm"  # milliseconds, in a worker that stays
    SLOPE = "slope"  # milliseconds a token, from two requests to a worker that stays
    START = "start"  # seconds from the start of a process to its answer
    PEAK = "peak"  # MB resident at most, of that process
    EXTRA = "extra"  # MB that one run adds, in a process of its own


UNITS = {
    Kind.WARM: "ms",
    Kind.SLOPE: "ms",
    Kind.START: "s",
    Kind.PEAK: "MB",
    Kind.EXTRA: "MB",
}


@dataclass(frozen=True, slots=True)
class Request:
    """A method of `tools.peers.engine.Engine` and its arguments."""

    what: str
    arguments: dict[str, Any] = field(hash=False)

    @property
    def n_tokens(self) -> int | None:
        """How many tokens have to come back."""
        n_tokens: int | None = self.arguments.get("n_tokens")
        seconds: float = self.arguments["seconds"]
        if n_tokens is None or self.what != "greedy":
            return n_tokens
        return n_tokens * math.ceil(seconds / WINDOW_S)


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of the table.

    Attributes:
        group: what `--only` selects.
        label: what the row is called.
        request: sent to all programs.
        kind: see `Kind`.
        for_sotto: sent to Sotto instead.
        repeats: timed runs a round, after one that is not timed unless it is only one.
    """

    group: str
    label: str
    request: Request
    kind: Kind = Kind.WARM
    for_sotto: Request | None = None
    repeats: int = 5

    @property
    def unit(self) -> str:
        """Unit of the figures."""
        return UNITS[self.kind]


def _seconds(what: str, seconds: float, **arguments: Any) -> Request:
    return Request(what, {"seconds": seconds} | arguments)


def _utterance(what: str, **arguments: Any) -> Request:
    return _seconds(what, UTTERANCE_S, n_tokens=UTTERANCE_TOKENS, **arguments)


DEFAULT = _utterance("by_default")
SHORT = _utterance("in_window", positions=SHORT_POSITIONS)
NATIVE = _utterance("native")
UTTERANCE = f"5 s utterance, {UTTERANCE_TOKENS} tokens"
START = "process start → text of 5 s"
PEAK = "peak memory of that process"

MEASURES = (
    *(
        Measure("encoder", f"encoder, {seconds} s", _seconds("encoder", seconds))
        for seconds in (2, 5, 10, 30)
    ),
    *(
        Measure(
            "decoder",
            f"decoder, a token, {seconds} s context",
            _seconds("decoder", seconds, n_tokens=MANY_TOKENS),
            Kind.SLOPE,
        )
        for seconds in (5, 30)
    ),
    Measure(
        "utterance",
        f"{UTTERANCE}, each program's default on stock weights (30 s window; Sotto: final pass)",
        DEFAULT,
    ),
    Measure(
        "utterance",
        f"{UTTERANCE}, greedy, window of 384 positions (Sotto: partial on stock weights)",
        _utterance("in_window", positions=PARTIAL_POSITIONS),
        for_sotto=_utterance("partial"),
    ),
    Measure(
        "utterance",
        f"{UTTERANCE}, greedy, window of 256 positions (tuned; Sotto: the same, plain decoding)",
        SHORT,
    ),
    Measure(
        "utterance",
        f"{UTTERANCE}, as the row above (Sotto: final pass of a model trained on short windows)",
        SHORT,
        for_sotto=NATIVE,
    ),
    Measure("log-mel", "log-mel, 30 s", _seconds("log_mel", 30), repeats=20),
    Measure("log-mel", "log-mel, 0.3 s", _seconds("log_mel", 0.3), repeats=100),
    Measure("start", f"{START}, default", DEFAULT, Kind.START),
    Measure("start", f"{PEAK}, default", DEFAULT, Kind.PEAK),
    Measure("start", f"{START}, 256 positions", SHORT, Kind.START, for_sotto=NATIVE),
    Measure("start", f"{PEAK}, 256 positions", SHORT, Kind.PEAK, for_sotto=NATIVE),
    Measure(
        "recording",
        f"30 s, {WINDOW_TOKENS} tokens, greedy",
        _seconds("greedy", 30, n_tokens=WINDOW_TOKENS),
        repeats=1,
    ),
    Measure(
        "recording",
        f"{RECORDING_S} s, {WINDOW_TOKENS} tokens a window, greedy",
        _seconds("greedy", RECORDING_S, n_tokens=WINDOW_TOKENS),
        repeats=1,
    ),
    Measure(
        "front-end",
        f"memory that log-mel of {RECORDING_S} s adds (the sound: 10.3 MB, the result: 5.2 MB)",
        _seconds("log_mel", RECORDING_S),
        Kind.EXTRA,
    ),
)
GROUPS = tuple(dict.fromkeys(measure.group for measure in MEASURES))
