"""Those who ask to be told of some settings ask for all that they read, and for no others."""

from collections.abc import Callable

import pytest

from sotto.app.core.settings import Settings
from sotto.app.core.spoken_languages import (
    ALL_SPOKEN_NAMES,
    SPOKEN_NAMES,
    Spoken,
    model_language,
)
from sotto.app.core.words import WORD_NAMES, WordSettings


class Watched:
    """Settings that note which of them are read."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.read.add(name)
        return getattr(self.settings, name)


@pytest.mark.parametrize(
    ("names", "readers"),
    [
        (WORD_NAMES, [WordSettings.of]),
        (SPOKEN_NAMES, [Spoken.of]),
        (ALL_SPOKEN_NAMES, [Spoken.of_all, model_language]),
    ],
    ids=["words", "spoken", "all that is spoken"],
)
def test_names_are_those_that_are_read(
    names: tuple[str, ...], readers: list[Callable[[object], object]]
) -> None:
    watched = [
        Watched(Settings(language=language, overlay=overlay))
        for language in ("", "de")
        for overlay in (False, True)
    ]
    for settings in watched:
        for reader in readers:
            reader(settings)
    assert set().union(*(settings.read for settings in watched)) == set(names)
