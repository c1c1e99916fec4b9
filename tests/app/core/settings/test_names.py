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
from tests.helpers.watched_settings import names_read


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
    names: tuple[str, ...], readers: list[Callable[[Settings], object]]
) -> None:
    settings = (
        Settings(language=language, overlay=overlay)
        for language in ("", "de")
        for overlay in (False, True)
    )
    assert names_read(settings, readers) == set(names)
