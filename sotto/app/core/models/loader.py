"""From a model's name to something that recognises speech."""

import time
from collections.abc import Callable
from pathlib import Path

from sotto.app.core.models import speeds
from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.core.models.choice import choose
from sotto.app.core.settings import Settings, Task
from sotto.app.core.spoken_languages import Spoken, system_language
from sotto.app.core.traces import logger
from sotto.app.core.words import prompt
from sotto.audio.speech.longest_voice import LongestVoice
from sotto.errors import ModelError
from sotto.inference.compute_type import ComputeType
from sotto.inference.interfaces import Model
from sotto.inference.streaming.recogniser import Recogniser
from sotto.inference.streaming.voiced_recogniser import SURE_VOICE_S, VoicedRecogniser
from sotto.kernels.processor import lacking

_log = logger(__name__)


def load_model(path: Path, progress: ProgressCallback, compute_type: ComputeType) -> Model:
    """Read, check and compile a model.

    Args:
        path: A model's folder or file.
        progress: Called while graphs are compiled or weights packed, which takes up to a minute
            the first time.
        compute_type: Of the model's matrices.

    Raises:
        ModelError: A damaged model, or the compiler failed.
        UsageError: This processor has no instructions for the compute type.
    """
    if missing := lacking():
        raise ModelError(
            f"this processor has no {', '.join(missing)}, without which no model can run; "
            "Sotto needs one of Intel since 2013, or of AMD since 2015"
        )
    # MAX takes most of a second to import: only now, and beside whatever else starts up.
    import sotto.inference.mlir_context  # noqa: F401, PLC0415
    from sotto.inference.checkpoint import load_checkpoint  # noqa: PLC0415
    from sotto.inference.model.whisper_model import WhisperModel  # noqa: PLC0415

    started = time.perf_counter()
    model = WhisperModel.load(load_checkpoint(path), compute_type=compute_type, progress=progress)
    _log.info("a model was loaded in %.1f s: %s", time.perf_counter() - started, compute_type)
    return model


LoadModel = Callable[[Path, ProgressCallback, ComputeType], Model]


def load_chosen(settings: Settings, load: LoadModel, progress: ProgressCallback) -> Model:
    """Load the model that the settings ask for, and note how fast it is here.

    Where the choice is Sotto's and a model turns out to be too slow, the next one takes its place.

    Raises:
        ModelError: No such model, a damaged one, or the compiler failed.
        UsageError: This processor has no instructions for the compute type.
    """
    path = choose(settings).path
    while True:
        model = load(path, progress, settings.compute_type)
        speed = speeds.measure(model, settings.compute_type)
        if settings.model or speed.is_quick_enough:
            return model
        previous, path = path, choose(settings).path
        if path == previous:
            return model


def recogniser_loader(
    settings: Settings, load: LoadModel = load_model, spoken: Spoken | None = None
) -> Callable[[ProgressCallback], Recogniser]:
    """Return what a session calls to get its recogniser.

    Args:
        settings: The user's: model, precision, languages, task and vocabulary.
        load: Gives the model, as `load_model` does.
        spoken: What is spoken in this session, if not what the settings say.
    """

    def recogniser(progress: ProgressCallback) -> Recogniser:
        return recogniser_over(load_chosen(settings, load, progress), settings, spoken)

    return recogniser


def recogniser_over(model: Model, settings: Settings, spoken: Spoken | None = None) -> Recogniser:
    """Return what recognises speech with a model that is loaded; arguments as above."""
    from sotto.inference.streaming.whisper_recogniser import (  # noqa: PLC0415 (as above)
        WhisperRecogniser,
        WhisperSettings,
    )

    # The model in the box makes nothing of a glossary: no name became right by being in one.
    knows_prompts = not model.checkpoint.native_short_window
    tokenizer = model.checkpoint.tokenizer
    vocabulary = settings.vocabulary if knows_prompts else ()
    expected = prompt(vocabulary, lambda text: len(tokenizer.encode(f" {text}"))).text
    heard = spoken or Spoken.of(settings)
    whisper = WhisperSettings(
        task="translate" if heard.task is Task.TRANSLATE else "transcribe",
        prompt=expected,
        terms=vocabulary,
        with_context=settings.context,
        allowed_languages=heard.languages,
        expected_language=system_language(),
    )
    return voiced(WhisperRecogniser(model, whisper))


def voiced(recogniser: Recogniser) -> Recogniser:
    """Return a recogniser that is asked only where there is a voice."""
    return VoicedRecogniser(recogniser, LongestVoice(SURE_VOICE_S))
