"""Captions in a process of their own, of the lines of JSON that come in; settings by SOTTO_….

With the argument `edit` the user places them; where they are then is written as a line.
"""

import json
import sys

from sotto.app.core.settings import SettingsStore, load
from sotto.app.ui.overlay import Captions
from sotto.app.ui.overlay.program import follow
from sotto.app.ui.widgets.application import application


def edit() -> int:
    app = application(["captions"])
    app.setQuitOnLastWindowClosed(False)
    captions = Captions(SettingsStore(load().settings))
    captions.moved.connect(lambda *place: write("moved", *place))
    captions.editing_ended.connect(lambda: write("ended"))
    captions.edit()
    return app.exec()


def write(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if "edit" in sys.argv:
        sys.exit(edit())
    sys.exit(follow(load().settings, lambda: map(json.loads, sys.stdin)))
