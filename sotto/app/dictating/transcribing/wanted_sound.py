"""The sound of a recording as it is wanted."""

from dataclasses import dataclass
from pathlib import Path

from sotto.app.core.projects.wanted import Wanted
from sotto.app.core.sides import SIDES, are_alike
from sotto.audio.files.reading import Recording, read_recording, read_sounds
from sotto.audio.files.selection import Selection
from sotto.audio.input.source import Sound


@dataclass(frozen=True, slots=True)
class WantedSound:
    """What is to be heard.

    Attributes:
        whole: For whoever listens and looks at it.
        parts: For the model, (n_samples,) each: the two sides of a conversation, or `whole`.
    """

    whole: Recording
    parts: tuple[Sound, ...]


def read_wanted(path: Path, wanted: Wanted) -> WantedSound:
    """Read the sound of a recording; where both sides are alike, they are one.

    Raises:
        AudioFileError: see `read_recording`.
    """
    if wanted.channels != "separate":
        recording = read_recording(path, wanted.selection)
        return WantedSound(recording, (recording.pcm,))
    whole, left, right = read_sounds(path, Selection(wanted.track, ("mix", *SIDES)))
    is_one = are_alike(left.pcm, right.pcm)
    return WantedSound(whole, (whole.pcm,) if is_one else (left.pcm, right.pcm))
