"""The process that runs one program: `python -m tools.peers.worker PROGRAM`."""

import importlib
import os
import sys

from tools.peers.engine import serve


def main() -> None:
    # Some libraries print: what they say goes to standard error, answers to the real output.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    module = sys.argv[1].replace("-", "_").replace(".", "_")
    program = importlib.import_module(f"tools.peers.with_{module}")
    serve(program.load, sys.stdin, replies)


if __name__ == "__main__":
    main()
