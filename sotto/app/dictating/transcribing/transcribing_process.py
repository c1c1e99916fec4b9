"""Transcribes recordings in a process of its own: `python -m` this.

The window never waits, and a file on which the model breaks costs that file only. Takes a job a
line of JSON from standard input, `{"source": …, "folder": …, "wanted": …}`, and tells on standard
output how far it is; each job ends with `done` or `failed`. Ends with whoever started it.
"""

import contextlib
import json
import os
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from sotto.app.core.projects.wanted import Wanted
from sotto.app.core.settings import load
from sotto.app.core.traces import kept_traces, logger
from sotto.app.dictating.transcribing.transcribing import Job, Transcribing
from sotto.errors import InternalError, SottoError

_NICENESS = 10  # whoever dictates meanwhile comes first

_log = logger(__name__)


def main() -> None:
    """Do one job after another."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICENESS)
    jobs: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_read_jobs, args=(jobs,), daemon=True).start()
    with kept_traces("transcribing"):
        transcribing = Transcribing(load().settings, _tell)
        while True:
            _do(transcribing, json.loads(jobs.get()))


def _do(transcribing: Transcribing, fields: dict[str, Any]) -> None:
    wanted = Wanted.read(fields["wanted"])
    try:
        damage = transcribing.do(Job(Path(fields["source"]), Path(fields["folder"]), wanted))
    except SottoError as error:
        _tell({"event": "failed", "message": str(error)})
    except Exception as error:  # noqa: BLE001  # told in the window; the trace is in the log
        _log.exception("a recording could not be transcribed")
        _tell({"event": "failed", "message": str(InternalError.of(error))})
    else:
        _tell({"event": "done", "damage": damage})


def _read_jobs(jobs: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        jobs.put(line)
    os._exit(0)  # nobody is there any more who wants anything; threads of MAX need no farewell


def _tell(event: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
