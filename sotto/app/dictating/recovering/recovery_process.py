"""Recovers what the window owes, in a process of its own: `python -m` this.

The window's model, its thread and its dictations are not kept waiting, and a model that breaks on
this very sound breaks nothing else. Writes each text as a line of JSON to standard output, and goes
on once the line "kept" comes back. Ends with whoever started it.
"""

import contextlib
import json
import os
import sys
import threading
from queue import SimpleQueue

from sotto.app.core.events import Incident, Recovered
from sotto.app.core.journal.left import LeftJournal
from sotto.app.core.journal.places import journals_folder
from sotto.app.core.json_events import as_json
from sotto.app.core.settings import load
from sotto.app.core.traces import kept_traces
from sotto.app.dictating.recognising import Recognisers
from sotto.app.dictating.recovering.recovery import Recovery

FACE = "window"
_NICENESS = 10  # whoever dictates meanwhile comes first


def main() -> None:
    """Recover, tell, wait to be believed."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICENESS)
    kept: SimpleQueue[str] = SimpleQueue()
    is_done = threading.Event()
    threading.Thread(target=_read_answers, args=(kept, is_done), daemon=True).start()

    def keep(recovered: Recovered) -> None:
        _write(as_json(recovered) or "")
        kept.get()

    def keep_sound(left: LeftJournal, known: str) -> bool:
        start_s, record = left.sound_start_s, left.record
        fields = {"when": record.when.isoformat(timespec="seconds"), "start": start_s}
        fields |= {"text": known, "folder": str(left.folder), "from": record.until}
        _write(json.dumps({"event": "unrecognised"} | fields))
        return kept.get().strip() == "kept"

    with kept_traces("recovery"), Recognisers() as recognisers:
        recovery = Recovery(load().settings, recognisers, keep, keep_sound)
        for line in recovery.run(journals_folder(), FACE):
            _write(as_json(Incident(0.0, line)) or "")
        is_done.set()
    sys.stdout.flush()
    os._exit(0)  # threads of the model and of MAX need not be waited for


def _read_answers(kept: SimpleQueue[str], is_done: threading.Event) -> None:
    for line in sys.stdin:
        kept.put(line)
    # Nobody is there any more to keep anything; perhaps there is nothing left to be kept.
    os._exit(0 if is_done.is_set() else 1)


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
