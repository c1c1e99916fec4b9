"""Transcriptions as Markdown."""

import re

from sotto.app.core.transcription_files.paragraphs import paragraphs
from sotto.app.core.transcription_files.timestamps import clock
from sotto.inference.decoding import Transcription

# What Markdown takes for more than a letter anywhere in a line (CommonMark, 2.4).
_MARKED = re.compile(r"[\\`*_\[\]<>&#|~]")


def as_md(transcription: Transcription) -> str:
    """Return Markdown: paragraphs, each behind the time at which it begins."""
    parts = (
        f"**{clock(part.start)}** {_MARKED.sub(_escaped, part.text)}\n"
        for part in paragraphs(transcription)
    )
    return "\n".join(parts)


def _escaped(mark: re.Match[str]) -> str:
    return f"\\{mark[0]}"
