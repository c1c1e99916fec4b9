"""Asks the X server on Qt's thread, which holds the interpreter meanwhile, while another inserts.

Run as a program; it prints how often text was put on the clipboard.
"""

import sys
import threading

from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from sotto.app.core.settings import Settings
from sotto.app.desktop.insertion import open_inserter


def main() -> None:
    """Copy on a thread while Qt's asks and asks."""
    application = QApplication(sys.argv[:1])
    inserter = open_inserter(Settings())
    counted: list[int] = []

    def copy() -> None:
        for number in range(100):
            inserter.copy(f"text {number}")
            counted.append(number)

    copying = threading.Thread(target=copy, daemon=True)
    copying.start()
    while copying.is_alive():
        QSystemTrayIcon.isSystemTrayAvailable()
        application.processEvents()
    inserter.close()
    print(len(counted), flush=True)  # noqa: T201 (for the test)


if __name__ == "__main__":
    main()
