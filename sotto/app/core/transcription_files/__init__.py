"""Transcriptions as files: text, tables, subtitles, lyrics and documents."""

from sotto.app.core.transcription_files.plain import (
    as_json,
    as_tsv,
    as_txt,
    lines,
    lines_with_times,
)
from sotto.app.core.transcription_files.shape import WHISPER, Shape
from sotto.app.core.transcription_files.subtitles import as_lrc, as_srt, as_vtt
from sotto.app.core.transcription_files.writers import ALL, FORMATS, WRITERS, content
from sotto.app.core.transcription_files.writing import make_folder, write

__all__ = [
    "ALL",
    "FORMATS",
    "WHISPER",
    "WRITERS",
    "Shape",
    "as_json",
    "as_lrc",
    "as_srt",
    "as_tsv",
    "as_txt",
    "as_vtt",
    "content",
    "lines",
    "lines_with_times",
    "make_folder",
    "write",
]
