"""Which recordings have their texts already, from runs before this one."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from sotto.app.core.recordings.given import Recording
from sotto.app.core.recordings.names import bases, possible_bases
from sotto.app.core.transcription_files.writing import outputs


def done(
    recordings: Sequence[Recording], folder: Path | None, formats: Sequence[str]
) -> set[Recording]:
    """Return those of which all texts are there, none of them older than the recording.

    Names depend on which recordings there are, and others may have come since: where one text has
    the stem of several recordings, and only one of these has no text of its own, it is that one's.
    """
    named = dict(zip(recordings, bases(recordings, folder), strict=True))
    found = {each for each, base in named.items() if _is_written(each, base, formats)}
    by_stem: dict[Path, list[Recording]] = {}
    for recording in recordings:
        stem, with_suffix = islice(possible_bases(recording, folder), 2)
        if recording not in found and _is_written(recording, with_suffix, formats):
            found.add(recording)
        if recording not in found:
            by_stem.setdefault(stem, []).append(recording)
    for stem, those in by_stem.items():
        found |= {each for each in those if len(those) == 1 and _is_written(each, stem, formats)}
    return found


def _is_written(recording: Recording, base: Path, formats: Sequence[str]) -> bool:
    if recording.is_standard_input:
        return False
    try:
        heard_ns = recording.path.stat().st_mtime_ns
        return all(path.stat().st_mtime_ns >= heard_ns for path in outputs(base, formats))
    except OSError:
        return False
