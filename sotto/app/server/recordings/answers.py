"""Texts in the forms of OpenAI's API."""

from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from sotto.app.core.transcription_files import as_srt, as_vtt
from sotto.app.server.requests.wanted import SEGMENT, WORD, Wanted
from sotto.app.server.sharing.file_queue import Finished
from sotto.inference.decoding import Segment, Transcription, WordTiming
from sotto.inference.languages import language_name

WARNING_HEADER = "X-Sotto-Warning"

_WRITERS: dict[str, tuple[Callable[[Transcription], str], str]] = {
    "text": (lambda transcription: f"{transcription.text.strip()}\n", "text/plain"),
    "srt": (as_srt, "text/plain"),
    "vtt": (as_vtt, "text/vtt"),
}


def answer(finished: Finished, wanted: Wanted) -> Response:
    """Return the text in the form that is asked for."""
    # A header holds nothing but ASCII.
    warning = finished.damage.encode("ascii", "replace").decode()
    headers = {WARNING_HEADER: warning} if warning else None
    if wanted.form in _WRITERS:
        write, media_type = _WRITERS[wanted.form]
        text = write(finished.transcription)
        return PlainTextResponse(text, headers=headers, media_type=media_type)
    body = verbose(finished, wanted) if wanted.form == "verbose_json" else short(finished)
    return JSONResponse(body, headers=headers)


def short(finished: Finished) -> dict[str, Any]:
    """Return the text and what it was of."""
    text = finished.transcription.text.strip()
    return {"text": text, "usage": usage(finished)} | _warning(finished)


def verbose(finished: Finished, wanted: Wanted) -> dict[str, Any]:
    """Return all that is known of a text; words and segments as they are asked for."""
    transcription = finished.transcription
    fields: dict[str, Any] = {
        "task": wanted.task,
        "language": language_name(transcription.language).lower(),
        "duration": round(finished.audio_s, 3),
        "text": transcription.text.strip(),
    }
    if WORD in wanted.granularities:
        words = (word for segment in transcription.segments for word in segment.words or ())
        fields["words"] = [_word(word) for word in words]
    if SEGMENT in wanted.granularities:
        fields["segments"] = [segment_fields(segment) for segment in transcription.segments]
    return fields | {"usage": usage(finished)} | _warning(finished)


def segment_fields(segment: Segment) -> dict[str, Any]:
    """Return a segment without its words, which have a place of their own."""
    fields = segment.as_dict()
    fields.pop("words", None)
    return fields


def usage(finished: Finished) -> dict[str, Any]:
    """Return what the text is of."""
    return {"type": "duration", "seconds": round(finished.audio_s, 3)}


def _warning(finished: Finished) -> dict[str, str]:
    return {"warning": finished.damage} if finished.damage else {}


def _word(word: WordTiming) -> dict[str, Any]:
    return {"word": word.word.strip(), "start": word.start, "end": word.end}
