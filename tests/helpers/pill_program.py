"""The pill in a process of its own: listening, then `hold TEXT` as a line that comes in.

Writes where the first button is once it is there, and `insert here` or `copy` when that was chosen.
"""

import sys

from PySide6.QtCore import QSocketNotifier

from sotto.app.ui.pill.pill import Pill
from sotto.app.ui.widgets.application import application


def write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    app = application(["pill"])
    app.setQuitOnLastWindowClosed(False)
    pill = Pill()
    pill.insert_here.connect(lambda: write("insert here"))
    pill.copy.connect(lambda: write("copy"))

    def read() -> None:
        _, _, text = sys.stdin.readline().partition(" ")
        pill.hold(text)
        if not pill.is_holding:
            return
        (button,) = (each for each in app.allWidgets() if each.accessibleName() == "Insert here")
        middle = button.mapToGlobal(button.rect().center())
        write(f"{middle.x()} {middle.y()}")

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(read)
    pill.show_listening()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
