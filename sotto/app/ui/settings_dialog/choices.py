"""What there is to choose from on this machine."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from sotto.app.core.settings import Settings
from sotto.app.dictating.engine import Microphone, Model


@dataclass(frozen=True, slots=True)
class Choices:
    """Microphones, models and screens of this machine.

    Attributes:
        microphones: the default one first, as `Engine.microphones` returns them.
        models: those on this machine.
        screens: names of the screens, for captions.
        starts_with_desktop: whether it does; None where that cannot be arranged.
        is_in_menu: whether the desktop's menu of applications has Sotto; None likewise.
        set_elsewhere: settings that the command line or the environment decides, and what does,
            such as `{"model": "SOTTO_MODEL"}`.
    """

    microphones: tuple[Microphone, ...] = ()
    models: tuple[Model, ...] = ()
    screens: tuple[str, ...] = ()
    starts_with_desktop: bool | None = None
    is_in_menu: bool | None = None
    set_elsewhere: Mapping[str, str] = field(default_factory=dict)


def set_by_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the settings that the environment decides, and the variables that do."""
    variables = {declared.name: f"SOTTO_{declared.name.upper()}" for declared in fields(Settings)}
    return {name: variable for name, variable in variables.items() if variable in environ}
