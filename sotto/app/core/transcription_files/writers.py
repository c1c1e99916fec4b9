"""Which formats there are, and what a transcription is in each."""

from collections.abc import Callable

from sotto.app.core.transcription_files.markdown import as_md
from sotto.app.core.transcription_files.plain import as_json, as_tsv, as_txt
from sotto.app.core.transcription_files.shape import WHISPER, Shape
from sotto.app.core.transcription_files.subtitles import as_lrc, as_srt, as_vtt
from sotto.app.core.transcription_files.word_documents import as_docx
from sotto.inference.decoding import Transcription

ALL = ("txt", "vtt", "srt", "tsv", "json")
"""What openai-whisper writes where no format is asked for, and as `all`."""

_SHAPED: dict[str, Callable[[Transcription, Shape], str]] = {
    "vtt": as_vtt,
    "srt": as_srt,
    "lrc": as_lrc,
}
WRITERS: dict[str, Callable[[Transcription], str]] = {
    "txt": as_txt,
    "vtt": as_vtt,
    "srt": as_srt,
    "tsv": as_tsv,
    "json": as_json,
    "lrc": as_lrc,
    "md": as_md,
}
"""All that are text, with subtitles as openai-whisper cuts them."""

FORMATS = (*WRITERS, "docx")


def content(transcription: Transcription, output_format: str, shape: Shape = WHISPER) -> bytes:
    """Return the file in one of FORMATS, text as UTF-8.

    Half a surrogate pair, which no model should give, becomes a question mark.
    """
    if output_format == "docx":
        return as_docx(transcription)
    if output_format in _SHAPED:
        text = _SHAPED[output_format](transcription, shape)
    else:
        text = WRITERS[output_format](transcription)
    return text.encode(errors="replace")
