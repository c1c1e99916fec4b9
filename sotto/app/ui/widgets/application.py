"""Qt's application as Sotto."""

from collections.abc import Sequence

from PySide6.QtWidgets import QApplication

from sotto.app.desktop.display import check_display
from sotto.app.ui.widgets.theme import icons, style


def application(arguments: Sequence[str]) -> QApplication:
    """Return Qt's application with Sotto's name, icon and font.

    Raises:
        DesktopError: No screen can be reached.
    """
    check_display()
    app = QApplication(list(arguments))
    app.setApplicationName("sotto")
    app.setApplicationDisplayName("Sotto")
    app.setDesktopFileName("sotto")
    app.setWindowIcon(icons.app_icon())
    app.setStyle("Fusion")  # the same everywhere, and fully reachable by our style sheet
    app.setFont(style.preferred_font(app.font()))
    return app
