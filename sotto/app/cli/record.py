"""`sotto record`: the hotkey's deeds for scripts, and for keys bound in the desktop's settings."""

import argparse
import json

from sotto.app.cli import terminal
from sotto.app.core.control import Request, ask, follow
from sotto.app.core.printable import escaped


def run(arguments: argparse.Namespace) -> int:
    """Ask the running Sotto; write its state, or every event as a line of JSON."""
    if arguments.follow:
        return _follow()
    answer = ask(Request(arguments.action))
    terminal.write_line(str(answer["state"]))
    return 0


def _follow() -> int:
    for line in follow():
        terminal.write_line(escaped(json.dumps(line, ensure_ascii=False)))
    return 0
