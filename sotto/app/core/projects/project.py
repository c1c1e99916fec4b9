"""A transcribed recording in a folder of its own, for the user alone, so that it opens again."""

import json
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from math import isnan
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sotto.app.core.private_file import write_private
from sotto.app.core.projects.correction import untimed_words
from sotto.app.core.projects.document import Document, Figures, Line, Word
from sotto.app.core.projects.names import PEAKS, SOUND, TEXT
from sotto.app.core.projects.peaks import Peaks
from sotto.app.core.projects.speakers import told_apart, unlabelled
from sotto.app.core.projects.wanted import AS_USUAL, Wanted
from sotto.app.core.sides import label, named
from sotto.audio.input.source import Sound
from sotto.errors import OutputError
from sotto.inference.decoding import Segment, Transcription, WordTiming

_VERSION = 1
_FULL_SCALE = 32_767
_EMPTY = Document()


@dataclass(frozen=True)
class Project:
    """A recording's text.

    Attributes:
        source: The file it was made from.
        duration_s: Of the recording.
        language: The code of what is spoken.
        model: The name of the model that heard it.
        damage: What of the recording could not be read, in a line; empty if all could.
        document: Its words.
        wanted: What of the file was to be heard, and how.
    """

    source: Path
    duration_s: float
    language: str
    model: str
    damage: str = ""
    document: Document = _EMPTY
    wanted: Wanted = AS_USUAL

    @property
    def transcription(self) -> Transcription:
        """The text as it is now, in the form that files are written from."""
        lines = self.document.lines
        segments = tuple(
            _named(_segment(number, line), self.document.name_of(line.speaker))
            for number, line in enumerate(lines)
        )
        text = "".join(segment.text for segment in segments)
        return Transcription(text, segments, self.language)

    def heard(self, transcription: Transcription) -> Self:
        """Return the project with the text that a model gave."""
        lines = tuple(line for each in transcription.segments if (line := _line(each)) is not None)
        return replace(self, document=Document(lines), language=transcription.language)


def save_text(project: Project, folder: Path) -> None:
    """Write the text of a project into its folder.

    Raises:
        OutputError: The disk is full, the folder is not writable, …; the old text is intact.
    """
    lines = [
        {
            "start": line.start,
            "end": line.end,
            "words": [[word.text, word.start, word.end, word.probability] for word in line.words],
            "figures": asdict(line.figures),
            "speaker": line.speaker,
        }
        for line in project.document.lines
    ]
    fields = {"version": _VERSION, "source": str(project.source), "lines": lines}
    fields |= {name: getattr(project, name) for name in ("duration_s", "language", "model")}
    fields |= {"damage": project.damage, "wanted": project.wanted.fields}
    fields |= {"names": dict(project.document.names)}
    write_private(folder / TEXT, json.dumps(fields))


def load_text(folder: Path) -> Project:
    """Read the text of a project.

    Raises:
        OutputError: It is gone or damaged.
    """
    try:
        fields = json.loads((folder / TEXT).read_text(encoding="utf-8"))
        return Project(
            Path(fields["source"]),
            float(fields["duration_s"]),
            str(fields["language"]),
            str(fields["model"]),
            str(fields["damage"]),
            Document(
                tuple(_read_line(line) for line in fields["lines"]),
                {str(of): str(name) for of, name in dict(fields.get("names", {})).items()},
            ),
            Wanted.read(fields.get("wanted", {})),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise OutputError(
            f"the kept text in {folder} cannot be read ({type(error).__name__}); transcribe the "
            "recording again"
        ) from error


def save_sound(pcm: Sound, folder: Path) -> None:
    """Write a recording (n_samples,), 16 kHz, [-1, 1], and its waveform into a project's folder.

    Raises:
        OutputError: The disk is full, the folder is not writable, ….
    """
    peaks = BytesIO()
    np.save(peaks, Peaks.of(pcm).bins)
    write_private(folder / PEAKS, peaks.getvalue())
    write_private(folder / SOUND, _as_int16(pcm).tobytes())


def load_peaks(folder: Path) -> Peaks:
    """Read the waveform of a project; an empty one where there is none."""
    try:
        bins = np.load(folder / PEAKS, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        bins = np.zeros((0, 2), np.int8)
    is_right = bins.ndim == 2 and bins.shape[1] == 2 and bins.dtype == np.int8
    return Peaks(bins if is_right else np.zeros((0, 2), np.int8))


def map_sound(folder: Path) -> NDArray[np.int16] | None:
    """Return the sound of a project, (n_samples,), 16 kHz, mapped; None where it is gone."""
    try:
        return np.memmap(folder / SOUND, np.int16, mode="r")
    except (OSError, ValueError):
        return None


def _as_int16(pcm: Sound) -> NDArray[np.int16]:
    """Return samples of 16 bits, made in parts, so that hours need no second copy in floats."""
    result = np.empty(len(pcm), np.int16)
    for at in range(0, len(pcm), 1 << 20):
        part = pcm[at : at + (1 << 20)]
        result[at : at + len(part)] = np.clip(
            np.rint(part * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE
        )
    return result


def _line(segment: Segment) -> Line | None:
    if segment.words is None:
        words = untimed_words(_said(segment), segment.start, segment.end)
    else:
        timed = tuple(
            Word(each.word, each.start, each.end, _known(each.probability))
            for each in segment.words
        )
        words = unlabelled(timed, segment.speaker)
    if not words:
        return None
    figures = Figures(*(getattr(segment, name) for name in Figures.__slots__))
    return Line(segment.start, segment.end, words, figures, segment.speaker)


def _said(segment: Segment) -> str:
    """Return the text without the name of the speaker."""
    if not segment.speaker:
        return segment.text
    return f" {segment.text.lstrip().removeprefix(label(segment.speaker)).lstrip()}"


def _known(probability: float) -> float:
    return 1.0 if isnan(probability) else round(probability, 4)


def _named(segment: Segment, name: str) -> Segment:
    return named(segment, name) if name else segment


def _segment(number: int, line: Line) -> Segment:
    return Segment(
        id=number,
        start=line.start,
        end=line.end,
        text=line.text,
        tokens=(),
        words=tuple(
            WordTiming(word.text, (), word.start, word.end, word.probability) for word in line.words
        ),
        **asdict(line.figures),
    )


def _read_line(fields: dict[str, Any]) -> Line:
    words = tuple(
        Word(str(text), float(start), float(end), float(probability))
        for text, start, end, probability in fields["words"]
    )
    if not words:
        raise ValueError("a line without words")
    speaker = str(fields["speaker"]) if "speaker" in fields else None
    if speaker is None:  # kept before speakers had names
        speaker, words = told_apart(words)
    figures = Figures(**fields["figures"])
    return Line(float(fields["start"]), float(fields["end"]), words, figures, speaker)
