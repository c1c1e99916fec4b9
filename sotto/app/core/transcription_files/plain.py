"""Text, a table and JSON, byte for byte as openai-whisper's writers (`whisper/utils.py`) give."""

import json

from sotto.app.core.printable import printable
from sotto.app.core.transcription_files.timestamps import timestamp
from sotto.inference.decoding import Transcription


def as_txt(transcription: Transcription) -> str:
    """Return one line for each segment."""
    return "".join(f"{segment.text.strip()}\n" for segment in transcription.segments)


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


def lines_with_times(transcription: Transcription) -> str:
    """Return what openai-whisper prints while it works: a line for each segment."""
    return "".join(
        f"[{timestamp(segment.start)} --> {timestamp(segment.end)}] {printable(segment.text)}\n"
        for segment in transcription.segments
    )


def lines(transcription: Transcription) -> str:
    """Return a line for each segment, as `lines_with_times` without the times."""
    return "".join(f"{printable(segment.text.strip())}\n" for segment in transcription.segments)
