"""One recording after another becomes a project, with one model."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sotto.app.core.models.choice import Chosen, choose, misunderstanding
from sotto.app.core.models.loader import LoadModel, load_model
from sotto.app.core.projects.project import Project, save_sound, save_text
from sotto.app.core.projects.sounds import make_room
from sotto.app.core.projects.wanted import AS_USUAL, Wanted
from sotto.app.core.settings import Settings, Task
from sotto.app.core.sides import SIDES, conversation
from sotto.app.core.spoken_languages import ENGLISH, Spoken
from sotto.app.core.transcription import BATCH_SIZE, transcribe_recording
from sotto.app.core.words import prompt
from sotto.app.dictating.transcribing.wanted_sound import read_wanted
from sotto.audio.files.reading import damage
from sotto.audio.input.source import SAMPLE_RATE, Sound
from sotto.errors import UsageError
from sotto.inference.decoding import TranscribeOptions, Transcription
from sotto.inference.interfaces import Model

BEAM_SIZE = BEST_OF = 5  # as `sotto transcribe`, which has them of openai-whisper

Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A recording, the folder of the project that it becomes, and what of it is wanted how."""

    source: Path
    folder: Path
    wanted: Wanted = AS_USUAL


class Transcribing:
    """Has one model, from the first recording on that wants it until one wants another.

    Args:
        settings: The user's: model, precision, languages, task and vocabulary.
        tell: Takes what is to be told while a job is done, as `{"event": …}`.
        load: Gives the model, as `load_model` does.
    """

    def __init__(self, settings: Settings, tell: Tell, load: LoadModel = load_model) -> None:
        self._settings = settings
        self._tell = tell
        self._load = load
        self._loaded: tuple[Chosen, Model] | None = None

    @property
    def model(self) -> str:
        """The name of the model that is loaded; empty without any."""
        return Path(self._loaded[0].name).name if self._loaded else ""

    def do(self, job: Job) -> str:
        """Transcribe a recording and keep its text, waveform and sound in the folder of the job.

        Returns what of it could not be read, in a line; empty if all could.

        Raises:
            AudioFileError: There is no sound to be read.
            ModelError: There is no model, or it is damaged.
            OutputError: The project cannot be written.
        UsageError: The model that is wanted does not know the language that is.
        """
        settings = job.wanted.settings(self._settings)
        _check(job.wanted, settings)
        self._tell({"event": "doing", "what": "Reading"})
        sound = read_wanted(job.source, job.wanted)
        duration_s = len(sound.whole.pcm) / SAMPLE_RATE
        self._tell({"event": "read", "duration": duration_s})
        save_sound(sound.whole.pcm, job.folder)
        make_room(job.folder.parent)
        model = self._model_of(settings)
        self._tell({"event": "doing", "what": "Transcribing"})
        heard = self._heard(model, sound.parts, _options(model, settings))
        missing = sound.whole.missing
        hurt = damage(job.source, missing) if missing else ""
        project = Project(job.source, duration_s, "", self.model, hurt, wanted=job.wanted)
        save_text(project.heard(heard), job.folder)
        return hurt

    def _heard(
        self, model: Model, parts: tuple[Sound, ...], options: TranscribeOptions
    ) -> Transcription:
        """Return what is said, or what both sides say as one conversation."""
        progress = Progress(self._tell, len(parts))
        heard = [
            transcribe_recording(model, part, options, progress.of_part(number))
            for number, part in enumerate(parts)
        ]
        return conversation(*heard) if len(heard) == len(SIDES) else heard[0]

    def _model_of(self, settings: Settings) -> Model:
        chosen = choose(settings)
        if self._loaded is None or self._loaded[0] != chosen:
            self._loaded = None  # there may be no memory for both
            self._tell({"event": "doing", "what": "Loading the model"})
            model = self._load(chosen.path, self._prepare, settings.compute_type)
            self._loaded = chosen, model
        return self._loaded[1]

    def _prepare(self, what: str, elapsed_s: float, expected_s: float) -> None:
        left_s = max(0.0, expected_s - elapsed_s) if expected_s > 0 else None
        self._tell({"event": "doing", "what": what[:1].upper() + what[1:], "left": left_s})


class Progress:
    """Tells how far a recording is, of which several parts are heard one after another.

    Args:
        tell: Takes `{"event": "progress", …}`.
        n_parts: How many there are, of one length.
    """

    def __init__(self, tell: Tell, n_parts: int) -> None:
        self._tell = tell
        self._n_parts = n_parts
        self._began = time.monotonic()

    def of_part(self, number: int) -> Callable[[float, float], None]:
        """Return what takes the seconds done, and in all, of a part."""

        def take(done_s: float, total_s: float) -> None:
            share = min(1.0, done_s / total_s) if total_s else 1.0
            share = (number + share) / self._n_parts
            elapsed_s = time.monotonic() - self._began
            left_s = elapsed_s * (1 - share) / share if share else None
            self._tell({"event": "progress", "share": share, "left": left_s})

        return take


def _check(wanted: Wanted, settings: Settings) -> None:
    """Refuse what cannot be done, where it was asked for; settings are the window's to doubt."""
    if wanted.model or wanted.language:
        wrong = misunderstanding(settings)
        if wrong:
            raise UsageError(wrong)


def _options(model: Model, settings: Settings) -> TranscribeOptions:
    spoken = Spoken.of(settings)
    language = spoken.languages[0] if len(spoken.languages) == 1 else None
    task = spoken.task
    if misunderstanding(settings):  # the window has said so
        language, task = ENGLISH, Task.TRANSCRIBE
    return TranscribeOptions(
        task="translate" if task is Task.TRANSLATE else "transcribe",
        language=language,
        batch_size=BATCH_SIZE,
        beam_size=BEAM_SIZE,
        best_of=BEST_OF,
        initial_prompt=_glossary(model, settings) or None,
        word_timestamps=True,
    )


def _glossary(model: Model, settings: Settings) -> str:
    if model.checkpoint.native_short_window:  # the model in the box makes nothing of one
        return ""
    tokenizer = model.checkpoint.tokenizer
    return prompt(settings.vocabulary, lambda text: len(tokenizer.encode(f" {text}"))).text
