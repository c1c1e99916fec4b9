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
from sotto.app.core.settings import Settings, Task
from sotto.app.core.spoken_languages import ENGLISH, Spoken
from sotto.app.core.transcription import BATCH_SIZE, transcribe_recording
from sotto.app.core.words import prompt
from sotto.audio.files.reading import damage, read_recording
from sotto.audio.input.source import SAMPLE_RATE
from sotto.inference.decoding import TranscribeOptions
from sotto.inference.interfaces import Model

BEAM_SIZE = BEST_OF = 5  # as `sotto transcribe`, which has them of openai-whisper

Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A recording, and the folder of the project that it becomes."""

    source: Path
    folder: Path


class Transcribing:
    """Has the model of these settings, from the first recording on.

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

    def do(self, job: Job) -> None:
        """Transcribe a recording and keep its text, waveform and sound in the folder of the job.

        Raises:
            AudioFileError: There is no sound to be read.
            ModelError: There is no model, or it is damaged.
            OutputError: The project cannot be written.
        """
        self._tell({"event": "doing", "what": "Reading"})
        recording = read_recording(job.source)
        duration_s = len(recording.pcm) / SAMPLE_RATE
        self._tell({"event": "read", "duration": duration_s})
        save_sound(recording.pcm, job.folder)
        make_room(job.folder.parent)
        chosen, model = self._model()
        self._tell({"event": "doing", "what": "Transcribing"})
        options, progress = self._options(model), self._progress()
        heard = transcribe_recording(model, recording.pcm, options, progress)
        hurt = damage(job.source, recording.missing) if recording.missing else ""
        name = Path(chosen.name).name
        project = Project(job.source, duration_s, heard.language, name, hurt).heard(heard)
        save_text(project, job.folder)

    def _model(self) -> tuple[Chosen, Model]:
        if self._loaded is None:
            chosen = choose(self._settings)
            self._tell({"event": "doing", "what": "Loading the model"})
            model = self._load(chosen.path, self._prepare, self._settings.compute_type)
            self._loaded = chosen, model
        return self._loaded

    def _prepare(self, what: str, elapsed_s: float, expected_s: float) -> None:
        left_s = max(0.0, expected_s - elapsed_s) if expected_s > 0 else None
        self._tell({"event": "doing", "what": what[:1].upper() + what[1:], "left": left_s})

    def _progress(self) -> Callable[[float, float], None]:
        began = time.monotonic()

        def tell(done_s: float, total_s: float) -> None:
            share = min(1.0, done_s / total_s) if total_s else 1.0
            elapsed_s = time.monotonic() - began
            left_s = elapsed_s * (1 - share) / share if share else None
            self._tell({"event": "progress", "share": share, "left": left_s})

        return tell

    def _options(self, model: Model) -> TranscribeOptions:
        spoken = Spoken.of(self._settings)
        language = spoken.languages[0] if len(spoken.languages) == 1 else None
        task = "translate" if spoken.task is Task.TRANSLATE else "transcribe"
        if misunderstanding(self._settings):  # the window has said so
            language, task = ENGLISH, "transcribe"
        return TranscribeOptions(
            task="translate" if task == "translate" else "transcribe",
            language=language,
            batch_size=BATCH_SIZE,
            beam_size=BEAM_SIZE,
            best_of=BEST_OF,
            initial_prompt=self._glossary(model) or None,
            word_timestamps=True,
        )

    def _glossary(self, model: Model) -> str:
        if model.checkpoint.native_short_window:  # the model in the box makes nothing of one
            return ""
        tokenizer = model.checkpoint.tokenizer
        terms = self._settings.vocabulary
        return prompt(terms, lambda text: len(tokenizer.encode(f" {text}"))).text
