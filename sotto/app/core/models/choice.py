"""Which model is used: the one that the user chose, else the best that is quick enough here."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sotto.app.core.models.registry import InstalledModel, installed, rank_of_precision, resolve
from sotto.app.core.models.speeds import Speed, speed_of
from sotto.app.core.settings import Settings
from sotto.app.core.spoken_languages import ENGLISH, Spoken, model_language
from sotto.inference.checkpoint.summary import summarise
from sotto.inference.compute_type import ComputeType


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model to use: its name, and its folder or file."""

    name: str
    path: Path


def choose(settings: Settings) -> Chosen:
    """Return the model that these settings ask for.

    Raises:
        ModelNotFoundError: The chosen model is not on this machine.
        CheckpointError: Its files are damaged, or of a kind that Sotto does not run.
    """
    if settings.model:
        return Chosen(settings.model, resolve(settings.model, settings.models_folder))
    models = installed(settings.models_folder)
    model = best(models, model_language(settings), settings.compute_type)
    return Chosen(model.name, model.path)


def misunderstanding(settings: Settings) -> str:
    """Return what the chosen model cannot do of what is asked of it; empty where all is well.

    Raises:
        ModelError: As `choose`.
    """
    spoken = Spoken.of(settings)
    if not spoken.is_beyond_english:
        return ""
    chosen = choose(settings)
    if summarise(chosen.path).is_multilingual:
        return ""
    return spoken.misunderstood_by(Path(chosen.name).name)


def best(
    models: Sequence[InstalledModel], language: str, compute_type: ComputeType
) -> InstalledModel:
    """Return the most capable model that writes words as they are spoken here.

    If none is quick enough, the quickest; the one in the box only if there is no other.

    Args:
        models: On this machine, the one in the box among them.
        language: The only one that is spoken; empty if there are others, or it is detected.
        compute_type: Of the models' matrices.
    """
    candidates = _fitting(models, language)
    speeds = speeds_of(models, compute_type)
    quick = [model for model in candidates if speeds[model.name].is_quick_enough]
    if quick:
        return max(quick, key=lambda model: capability(model, language))
    return min(candidates, key=lambda model: speeds[model.name].partial_ms)


def speeds_of(models: Sequence[InstalledModel], compute_type: ComputeType) -> dict[str, Speed]:
    """Return the speed of each model by name."""
    known = [model.dimensions for model in models]
    return {model.name: speed_of(model.dimensions, compute_type, known) for model in models}


def _fitting(models: Sequence[InstalledModel], language: str) -> Sequence[InstalledModel]:
    """Return the models that know the language, or failing that any, real ones before the box's."""
    real = [model for model in models if not model.is_starter]
    if language != ENGLISH:
        multilingual = [model for model in real if model.is_multilingual]
        return multilingual or real or models
    return real or models


def capability(model: InstalledModel, language: str) -> tuple[int, int, int, int]:
    """Return what grows with how well a model understands.

    Of one size, that for English alone understands English better, and unrounded weights do.
    """
    dims = model.dimensions
    return (
        dims.n_audio_layer * dims.n_audio_state**2,
        dims.n_text_layer * dims.n_text_state**2,
        int(language == ENGLISH and not model.is_multilingual),
        -rank_of_precision(model.precision),
    )
