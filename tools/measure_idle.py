"""What Sotto costs while nobody dictates, and how soon it is back.

Runs Sotto in the tray on a private X server and sound server, hotkey bound and microphone open, and
writes: its share of a core at rest, its memory with the model and without it, the time from asking
for a dictation to listening in both cases, and the time that `sotto record status` takes.

    python -m tools.measure_idle [--seconds 30] [--model base.en]
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from sotto.app.core.control import Request, ask, follow
from tools.fixtures.audio_server import AudioServer, audio_server
from tools.fixtures.running_sotto import RunningSotto, running_sotto
from tools.fixtures.x_server import x_server

TICKS = os.sysconf("SC_CLK_TCK")
UNLOAD_MIN = 1  # the least that can be set


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seconds", type=float, default=30.0, help="how long to watch it rest")
    arguments.add_argument("--model", default="starter-en", help="as `sotto --model` takes it")
    given = arguments.parse_args()
    with x_server() as display, audio_server() as audio, tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        os.environ.pop("WAYLAND_DISPLAY", None)
        for standby in ("true", "false"):
            with running_sotto(
                Path(folder),
                "--hidden",
                standby=standby,
                model=given.model,
                unload_after_min=str(UNLOAD_MIN),
            ) as sotto:
                _measure(sotto, audio, standby, given.seconds)


def _measure(sotto: RunningSotto, audio: AudioServer, standby: str, seconds: float) -> None:
    time.sleep(8)  # until the microphone is open and the model warm
    print(f"microphone on standby: {standby} ({audio.n_listeners()} listens)")
    print(f"  CPU at rest        {100 * _cpu_share(sotto.process.pid, seconds):.2f} % of a core")
    print(f"  memory             {_rss_mb(sotto.process.pid):.0f} MB with the model")
    print(f"  start to listening {1e3 * _start_s():.0f} ms with the model")
    print(
        f"  status             {1e3 * _status_s():.1f} ms in this process, "
        f"{1e3 * _process_s(sotto):.0f} ms as `sotto record status`"
    )
    time.sleep(60 * UNLOAD_MIN + 5)
    print(f"  memory             {_rss_mb(sotto.process.pid):.0f} MB once it is unloaded")
    print(f"  start to listening {1e3 * _start_s():.0f} ms then")


def _cpu_share(pid: int, seconds: float) -> float:
    before = _cpu_s(pid)
    time.sleep(seconds)
    return (_cpu_s(pid) - before) / seconds


def _family(pid: int) -> list[int]:
    """Return a process and those that it started, such as the one that recognises."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    started = [int(pid) for thread in threads for pid in (thread / "children").read_text().split()]
    return [pid, *(each for child in started for each in _family(child))]


def _cpu_s(pid: int) -> float:
    return sum(map(_own_cpu_s, _family(pid)))


def _own_cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _rss_mb(pid: int) -> float:
    """Return what all of them hold; what they share counts twice."""
    return sum(map(_own_rss_mb, _family(pid)))


def _own_rss_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) / 1024


def _start_s() -> float:
    """Seconds from asking for a dictation to the state "listening", with the model there."""
    started = time.perf_counter()
    lines = follow()
    next(lines)
    ask(Request.START)
    for line in lines:
        if line.get("state") == "listening":
            break
    took_s = time.perf_counter() - started
    ask(Request.CANCEL)
    while ask(Request.STATUS)["state"] != "idle":
        time.sleep(0.02)
    return took_s


def _status_s() -> float:
    return statistics.median(_timed(lambda: ask(Request.STATUS)) for _ in range(50))


def _process_s(sotto: RunningSotto) -> float:
    return statistics.median(_timed(lambda: sotto.record("status")) for _ in range(20))


def _timed(job: object) -> float:
    assert callable(job)
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
