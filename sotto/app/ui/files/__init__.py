"""Recordings: the queue, and the text of each with its waveform, heard, corrected and exported."""

from sotto.app.ui.files.files_window import FilesWindow

__all__ = ["FilesWindow"]
