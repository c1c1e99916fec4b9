"""Transcriptions as files, byte for byte as openai-whisper's writers (`whisper/utils.py`) give."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile

from sotto.app.core.printable import printable
from sotto.app.core.private_file import write_output
from sotto.errors import OutputError
from sotto.inference.decoding import Segment, Transcription

Cue = tuple[float, float, str]


def as_txt(transcription: Transcription) -> str:
    """Return one line for each segment."""
    return "".join(f"{segment.text.strip()}\n" for segment in transcription.segments)


def as_vtt(transcription: Transcription) -> str:
    """Return WebVTT."""
    cues = (
        f"{_timestamp(start, '.')} --> {_timestamp(end, '.')}\n{text}\n\n"
        for start, end, text in _cues(transcription)
    )
    return "WEBVTT\n\n" + "".join(cues)


def as_srt(transcription: Transcription) -> str:
    """Return SubRip, in which hours are always given."""
    cues = (
        f"{number}\n{_srt_timestamp(start)} --> {_srt_timestamp(end)}\n{text}\n\n"
        for number, (start, end, text) in enumerate(_cues(transcription), start=1)
    )
    return "".join(cues)


def as_tsv(transcription: Transcription) -> str:
    """Return start and end in whole milliseconds and the text, separated by tabs."""
    rows = (
        f"{round(1000 * segment.start)}\t{round(1000 * segment.end)}\t"
        f"{segment.text.strip().replace(chr(9), ' ')}\n"
        for segment in transcription.segments
    )
    return "start\tend\ttext\n" + "".join(rows)


def as_json(transcription: Transcription) -> str:
    """Return everything that is known of each segment."""
    return json.dumps(transcription.as_dict())


WRITERS: dict[str, Callable[[Transcription], str]] = {
    "txt": as_txt,
    "vtt": as_vtt,
    "srt": as_srt,
    "tsv": as_tsv,
    "json": as_json,
}
ALL = "all"


def lines_with_times(transcription: Transcription) -> str:
    """Return what openai-whisper prints while it works: a line for each segment."""
    return "".join(
        f"[{_timestamp(segment.start, '.')} --> {_timestamp(segment.end, '.')}] "
        f"{printable(segment.text)}\n"
        for segment in transcription.segments
    )


def lines(transcription: Transcription) -> str:
    """Return a line for each segment, as `lines_with_times` without the times."""
    return "".join(f"{printable(segment.text.strip())}\n" for segment in transcription.segments)


def make_folder(folder: Path) -> None:
    """Make the folder for the files, before any work is done for them.

    Raises:
        OutputError: it cannot be made, or nothing can be written into it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise OutputError(
            f"nothing can be written to {folder} ({why}); choose another --output-dir"
        ) from error


def write(
    transcription: Transcription, audio: Path, folder: Path, output_format: str
) -> tuple[Path, ...]:
    """Write `folder`/`audio`'s name with the format's suffix, or all formats, and return paths.

    All are tried, whatever becomes of one.

    Raises:
        OutputError: one or more cannot be written; it says why the first one cannot.
    """
    formats = tuple(WRITERS) if output_format == ALL else (output_format,)
    paths = tuple(folder / f"{audio.stem}.{name}" for name in formats)
    errors: list[OutputError] = []
    for path, name in zip(paths, formats, strict=True):
        try:
            write_output(path, WRITERS[name](transcription))
        except OutputError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return paths


def _cues(transcription: Transcription) -> Iterator[Cue]:
    for segment in transcription.segments:
        cue = _cue(segment) if segment.words is None else _cue_of_words(segment)
        if cue is not None:
            yield cue


def _cue(segment: Segment) -> Cue:
    return segment.start, segment.end, segment.text.strip().replace("-->", "->")


def _cue_of_words(segment: Segment) -> Cue | None:
    """Return the cue of timed words, which begins and ends when they do."""
    if not segment.words:
        return None
    first, *others = segment.words
    text = first.word.strip() + "".join(word.word for word in others)
    return first.start, segment.words[-1].end, text


def _srt_timestamp(seconds: float) -> str:
    timestamp = _timestamp(seconds, ",")
    return timestamp if timestamp.count(":") == 2 else f"00:{timestamp}"


def _timestamp(seconds: float, decimal_mark: str) -> str:
    """Return `[hh:]mm:ss.mmm`."""
    total_s, milliseconds = divmod(round(seconds * 1000.0), 1000)
    total_minutes, whole_seconds = divmod(total_s, 60)
    hours, minutes = divmod(total_minutes, 60)
    prefix = f"{hours:02d}:" if hours else ""
    return f"{prefix}{minutes:02d}:{whole_seconds:02d}{decimal_mark}{milliseconds:03d}"
