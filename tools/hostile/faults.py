"""What may be wrong with how a command ended."""

from collections.abc import Callable

from sotto.app.core.printable import printable
from tools.fixtures.forked_command import Ended, Stream
from tools.hostile.case import Case

DEFECT = "something went wrong inside Sotto"
TRACES = ("Traceback (most recent", "Exception ignored")

Judge = Callable[[Case, Ended], bool]

# What may be wrong with how a case ended, the worst first.
FAULTS: dict[str, Judge] = {
    "hang": lambda _, ended: ended.code is None,
    "signal": lambda _, ended: ended.code is not None and ended.code < 0,
    "traceback": lambda _, ended: any(words in ended.out + ended.err for words in TRACES),
    "defect": lambda _, ended: DEFECT in ended.out + ended.err,
    "escape": lambda _, ended: _obeyed(ended.err) or _obeyed(_without_json(ended.out)),
    "lost": lambda case, ended: ended.code == 0 and case.out in {Stream.FULL, Stream.CLOSED},
    "code": lambda _, ended: ended.code not in {0, 2, 130},
    "unclear": lambda case, ended: (
        ended.code == 2 and case.err is Stream.KEPT and not _is_told(ended.err)
    ),
}


def fault_of(case: Case, ended: Ended) -> str:
    """Return in a word what is wrong with how a case ended; empty if nothing is."""
    return next((fault for fault, judge in FAULTS.items() if judge(case, ended)), "")


def _is_told(err: str) -> bool:
    lines = err.splitlines()
    return bool(lines) and lines[-1].startswith("sotto: ") and len(lines[-1]) < 10_000


def _without_json(out: str) -> str:
    return "\n".join(line for line in out.split("\n") if not line.startswith("{"))


def _obeyed(text: str) -> bool:
    return any(line != printable(line) for line in text.split("\n"))
