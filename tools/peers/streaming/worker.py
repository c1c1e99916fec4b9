"""The process in which one program listens: `python -m tools.peers.streaming.worker NAME SETUP`.

NAME is that of a module `with_NAME` beside this one, SETUP a `Setup` as JSON.
"""

import importlib
import json
import os
import sys

from tools.peers.streaming.microphone import Microphone, Screen, Setup


def main() -> None:
    # Some programs print: what they say goes to standard error, the text to the real output.
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    name, setup = sys.argv[1:]
    program = importlib.import_module(f"tools.peers.streaming.with_{name}")
    screen = Screen(lines)
    program.listen(Setup(**json.loads(setup)), Microphone(sys.stdin.buffer), screen)
    screen.done()
    # Not every program ends its threads and processes; the caller ends what is left of the group.
    os._exit(0)


if __name__ == "__main__":
    main()
