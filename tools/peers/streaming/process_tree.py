"""Processor time of a process and all that it started, from Linux's /proc."""

import os
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
# Positions in /proc/PID/stat behind the name (proc(5)).
PARENT = 1
TIMES = slice(11, 15)  # own and of children that ended, in user's and in kernel's mode
BUSY = (0, 1, 2, 5, 6)  # of /proc/stat's first line: all but idle, waiting, stolen and guests


def cpu_s(pid: int) -> float:
    """Return the seconds of a process, its descendants, and those of them that have ended."""
    fields = _all_processes()
    children: dict[int, list[int]] = {}
    for child, of_child in fields.items():
        children.setdefault(int(of_child[PARENT]), []).append(child)
    ticks, waiting = 0, [pid]
    while waiting:
        process = waiting.pop()
        ticks += sum(map(int, fields.get(process, [])[TIMES]))
        waiting += children.get(process, [])
    return ticks / TICKS_PER_S


def machine_cpu_s() -> float:
    """Return the seconds of all processors since the machine started that somebody used."""
    first = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    return sum(int(first[index]) for index in BUSY) / TICKS_PER_S


def _all_processes() -> dict[int, list[str]]:
    """Return what stands behind the name of each process."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            line = path.read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        found[int(path.parent.name)] = line.rpartition(")")[2].split()
    return found
