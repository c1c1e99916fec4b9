"""The sound of a recording as it is wanted."""

from dataclasses import dataclass
from pathlib import Path

from sotto.app.core.projects.wanted import Wanted
from sotto.app.core.sides import SIDES, read_sides
from sotto.audio.files.reading import Recording, read_recording
from sotto.audio.input.source import Pcm


@dataclass(frozen=True, slots=True)
class WantedSound:
    """What is to be heard.

    Attributes:
        whole: For whoever listens and looks at it.
        parts: For the model, (n_samples,) each: the two sides of a conversation, or `whole`.
    """

    whole: Recording
    parts: tuple[Pcm, ...]


def read_wanted(path: Path, wanted: Wanted) -> WantedSound:
    """Read the sound of a recording; where both sides are alike, they are one.

    Raises:
        AudioFileError: see `read_recording`.
    """
    if wanted.channels != "separate":
        recording = read_recording(path, wanted.selection)
        return WantedSound(recording, (recording.pcm,))
    sides = tuple(side.pcm for side in read_sides(path, wanted.track))
    if len(sides) < len(SIDES):
        recording = read_recording(path, wanted.selection)
        return WantedSound(recording, (recording.pcm,))
    return WantedSound(read_recording(path, wanted.selection), sides)
