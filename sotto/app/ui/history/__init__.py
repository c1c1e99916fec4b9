"""The window with everything that was dictated."""

from sotto.app.ui.history.history_window import HistoryWindow

__all__ = ["HistoryWindow"]
