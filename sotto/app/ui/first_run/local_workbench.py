"""The first start's workbench on this machine: real devices, real models.

Every method runs on a background thread and imports there what it needs, as `LocalEngine` does.
"""
# ruff: noqa: PLC0415

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sotto.app.core.settings import SettingsStore
from sotto.app.core.spoken_languages import model_language
from sotto.app.dictating.engine import Microphone
from sotto.app.dictating.local_engine import LocalEngine
from sotto.app.ui.first_run.workbench import Arrival, OfferedModel, Preparation

if TYPE_CHECKING:
    from sotto.app.core.models.speeds import Speed

# Bytes of the weights on the hub, from what any machine runs to what a good one does.
_WORTH_FETCHING = {
    "base": 145_000_000,
    "base.en": 145_000_000,
    "small": 484_000_000,
    "small.en": 484_000_000,
    "large-v3-turbo": 1_618_000_000,
}


class LocalWorkbench:
    """See `sotto.app.ui.first_run.workbench.Workbench`. Holds nothing that changes."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    def microphones(self) -> tuple[Microphone, ...]:
        """See `Workbench.microphones`."""
        return LocalEngine(self._settings).microphones()

    def models(self) -> tuple[OfferedModel, ...]:
        """See `Workbench.models`."""
        from sotto.app.core.models.choice import capability
        from sotto.app.core.models.registry import installed
        from sotto.app.core.models.wording import good_for

        settings = self._settings.current
        here = tuple(
            OfferedModel(
                each.name,
                each.n_bytes,
                is_installed=True,
                is_starter=each.is_starter,
                is_multilingual=each.is_multilingual,
                rank=capability(each, model_language(settings)),
                good_for=good_for(each.size),
                origin=each.origin,
            )
            for each in installed(settings.models_folder)
        )
        names = {model.name for model in here}
        absent = (model for model in _worth_fetching() if model.name not in names)
        return (*sorted(here, key=lambda model: model.is_starter), *absent)

    def measure(self, model: str, prepare: Preparation) -> "Speed":
        """See `Workbench.measure`."""
        from sotto.app.dictating.recognising.recognisers import measure

        return measure(replace(self._settings.current, model=model), prepare)

    def fetch(self, model: str, arrive: Arrival, cancelled: Callable[[], bool]) -> None:
        """See `Workbench.fetch`."""
        from sotto.app.core.models.fetching import pull

        pull(model, arrive, cancelled)


def _worth_fetching() -> list[OfferedModel]:
    from sotto.app.core.models.wording import good_for

    return [
        OfferedModel(
            name,
            n_bytes,
            is_installed=False,
            is_starter=False,
            is_multilingual=not name.endswith(".en"),
            good_for=good_for(name),
        )
        for name, n_bytes in _WORTH_FETCHING.items()
    ]
