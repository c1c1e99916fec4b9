"""The model that was used last, kept for the next use."""

from pathlib import Path
from typing import TYPE_CHECKING

from sotto.app.core.models.background_loading import ProgressCallback
from sotto.inference.compute_type import ComputeType

if TYPE_CHECKING:
    from sotto.inference.interfaces import Model


class ModelCache:
    """Holds at most one model. Used by one thread at a time."""

    def __init__(self) -> None:
        self._wanted: tuple[Path, ComputeType] | None = None
        self._model: Model | None = None

    def load(self, path: Path, progress: ProgressCallback, compute_type: ComputeType) -> "Model":
        """Return the model that is held, or load it as `load_model` does; errors as there."""
        # Whoever only may need a model imports neither numpy nor MAX.
        from sotto.app.core.models.loader import load_model  # noqa: PLC0415

        if self._model is None or self._wanted != (path, compute_type):
            self._model = None  # before the next is loaded: there may be no room for two
            self._model = load_model(path, progress, compute_type)
            self._wanted = (path, compute_type)
        return self._model
