"""`python -m sotto`: the same as the command `sotto`."""

import sys

from sotto.app.cli import main

if __name__ == "__main__":
    sys.exit(main())
