"""What was dictated, kept on this machine until the user or its age removes it."""

from sotto.app.core.history.entry import Dictated, Entry, marked_text
from sotto.app.core.history.export import EXPORT_FORMATS, export
from sotto.app.core.history.folding import found_spans
from sotto.app.core.history.store import History, history_path

__all__ = [
    "EXPORT_FORMATS",
    "Dictated",
    "Entry",
    "History",
    "export",
    "found_spans",
    "history_path",
    "marked_text",
]
