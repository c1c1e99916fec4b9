"""The window with everything that was dictated."""

from sotto.app.ui.history.window import HistoryWindow

__all__ = ["HistoryWindow"]
