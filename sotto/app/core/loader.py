"""From a model's name to something that recognises speech."""

from collections.abc import Callable

from sotto.app.core.loading import ProgressCallback
from sotto.app.core.models import resolve
from sotto.inference.compute_type import ComputeType
from sotto.inference.interfaces import Model
from sotto.inference.streaming.recogniser import Recogniser


def load_model(name: str, progress: ProgressCallback, compute_type: ComputeType) -> Model:
    """Read, check and compile a model.

    Args:
        name: What `models.resolve` takes.
        progress: Called while graphs are compiled or weights packed, which takes up to a minute
            the first time.
        compute_type: Of the model's matrices.

    Raises:
        ModelError: no such model, a damaged one, or the compiler failed.
        UsageError: this processor has no instructions for the compute type.
    """
    path = resolve(name)
    # MAX takes most of a second to import: only now, and beside whatever else starts up.
    import sotto.inference.mlir_context  # noqa: F401, PLC0415
    from sotto.inference.checkpoint import load_checkpoint  # noqa: PLC0415
    from sotto.inference.model import WhisperModel  # noqa: PLC0415

    return WhisperModel.load(load_checkpoint(path), compute_type=compute_type, progress=progress)


def recogniser_loader(
    name: str, language: str, compute_type: ComputeType
) -> Callable[[ProgressCallback], Recogniser]:
    """Return what a session calls to get its recogniser.

    Args:
        name: What `models.resolve` takes.
        language: Code of the language spoken.
        compute_type: Of the model's matrices.
    """

    def load(progress: ProgressCallback) -> Recogniser:
        model = load_model(name, progress, compute_type)
        from sotto.inference.streaming.whisper import (  # noqa: PLC0415 (as above)
            WhisperRecogniser,
            WhisperSettings,
        )

        return WhisperRecogniser(model, WhisperSettings(language=language))

    return load
