"""The first start's workbench on this machine: real devices, real models.

Every method runs on a background thread and imports there what it needs, as `Machine` does.
"""
# ruff: noqa: PLC0415

from collections.abc import Callable

from sotto.app.core.settings import Settings
from sotto.app.ui.engine import Microphone
from sotto.app.ui.first_run.workbench import Arrival, OfferedModel, Preparation
from sotto.app.ui.machine import Machine

_MEASURED_S = 5.0  # a sentence
# Bytes of the weights on the hub: from what any machine runs to what a good one does.
_WORTH_FETCHING = {"tiny": 151_000_000, "base": 290_000_000, "small": 967_000_000}
_WORTH_FETCHING_MULTILINGUAL = {"large-v3-turbo": 1_618_000_000}


class MachineWorkbench:
    """See `sotto.app.ui.first_run.workbench.Workbench`. Holds nothing that changes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def microphones(self) -> tuple[Microphone, ...]:
        """See `Workbench.microphones`."""
        return Machine(self._settings).microphones()

    def models(self) -> tuple[OfferedModel, ...]:
        """See `Workbench.models`."""
        from sotto.app.core.models.registry import installed

        here = tuple(
            OfferedModel(
                each.name,
                each.n_bytes,
                is_installed=True,
                is_starter=each.is_starter,
                is_multilingual=each.is_multilingual,
            )
            for each in installed()
        )
        names = {model.name for model in here}
        return here + tuple(model for model in self._worth_fetching() if model.name not in names)

    def measure(self, model: str, prepare: Preparation) -> float:
        """See `Workbench.measure`."""
        from sotto.app.core.models.loader import load_model

        loaded = load_model(model, prepare, self._settings.compute_type)
        from sotto.app.core.bench.model import ModelBench
        from sotto.app.core.bench.timing import QUICK

        timing = ModelBench(loaded, QUICK).utterance(_MEASURED_S)
        return 1e3 * _MEASURED_S / timing.median_ms

    def fetch(self, model: str, arrive: Arrival, cancelled: Callable[[], bool]) -> None:
        """See `Workbench.fetch`."""
        from sotto.app.core.models.registry import pull

        pull(model, arrive, cancelled)

    def _worth_fetching(self) -> list[OfferedModel]:
        is_english = self._settings.language == "en"
        sizes = {
            **{f"{name}.en" if is_english else name: n for name, n in _WORTH_FETCHING.items()},
            **_WORTH_FETCHING_MULTILINGUAL,
        }
        return [
            OfferedModel(
                name,
                n_bytes,
                is_installed=False,
                is_starter=False,
                is_multilingual=not name.endswith(".en"),
            )
            for name, n_bytes in sizes.items()
        ]
