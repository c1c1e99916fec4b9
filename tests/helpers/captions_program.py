"""Captions in a process of their own, of the lines of JSON that come in; settings by SOTTO_…."""

import json
import sys

from sotto.app.core.settings import load
from sotto.app.ui.overlay.main import follow

if __name__ == "__main__":
    sys.exit(follow(load().settings, lambda: map(json.loads, sys.stdin)))
