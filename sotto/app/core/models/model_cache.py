"""The model between two sessions: kept for the next, and let go when nobody needs it."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sotto.app.core.models.background_loading import ProgressCallback
from sotto.inference.compute_type import ComputeType

if TYPE_CHECKING:
    from sotto.inference.interfaces import Model


class ModelCache:
    """Holds at most one model. Callable from any thread; `_lock` guards what it holds.

    Sessions follow one another, so the model that is held is used by one at a time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: tuple[Path, ComputeType] | None = None
        self._model: Model | None = None
        # Whoever waits for the model is told how far it is, whoever asked for it first.
        self._waiting: list[ProgressCallback] = []

    def load(self, path: Path, progress: ProgressCallback, compute_type: ComputeType) -> "Model":
        """Return the model that is held, or load it as `load_model` does; errors as there."""
        # The window appears before numpy and MAX are there.
        from sotto.app.core.models.loader import load_model  # noqa: PLC0415

        self._waiting.append(progress)
        try:
            with self._lock:
                if self._model is None or self._wanted != (path, compute_type):
                    self._model = None  # before the next is loaded: there may be no room for two
                    self._model = load_model(path, self._report, compute_type)
                    self._wanted = (path, compute_type)
                return self._model
        finally:
            self._waiting.remove(progress)

    def let_go(self) -> None:
        """Hold no model any more. A session that uses it goes on."""
        with self._lock:
            self._model = None

    @property
    def is_holding(self) -> bool:
        """Whether the next session begins with the model that is held."""
        return self._model is not None

    def _report(self, what: str, elapsed_s: float, expected_s: float) -> None:
        for progress in tuple(self._waiting):
            progress(what, elapsed_s, expected_s)
