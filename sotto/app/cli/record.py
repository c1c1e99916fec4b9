"""`sotto record`: the hotkey's deeds for scripts, and for keys bound in the desktop's settings."""

import argparse
import json
import sys

from sotto.app.core.control import Request, ask, follow


def run(arguments: argparse.Namespace) -> int:
    """Ask the running Sotto; write its state, or every event as a line of JSON."""
    if arguments.follow:
        return _follow()
    answer = ask(Request(arguments.action))
    sys.stdout.write(f"{answer['state']}\n")
    return 0


def _follow() -> int:
    for line in follow():
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0
