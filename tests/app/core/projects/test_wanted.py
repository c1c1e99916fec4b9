"""What is wanted of a recording, beside the settings."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.projects.wanted import AS_USUAL, Wanted
from sotto.app.core.settings import Settings
from sotto.audio.files.selection import Selection

SETTINGS = Settings(model="base", language="en", languages=("en", "de"))
WANTED = st.builds(
    Wanted,
    st.text(max_size=5),
    st.sampled_from(["", "auto", "de", "yue"]),
    st.none() | st.integers(1, 9),
    st.sampled_from(["mix", "left", "right", "separate"]),
)


@given(WANTED)
def test_it_comes_back(wanted: Wanted) -> None:
    assert Wanted.read(wanted.fields) == wanted


@pytest.mark.parametrize(
    "fields",
    [
        None,
        {"model": 3},
        {"language": "klingon"},
        {"track": 0},
        {"track": "1"},
        {"track": True},
        {"channels": "both"},
        {"speed": 2},
    ],
)
def test_what_nobody_can_want_is_refused(fields: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        Wanted.read(fields)


def test_where_nothing_is_wanted_the_settings_hold() -> None:
    assert AS_USUAL.settings(SETTINGS) == SETTINGS
    assert AS_USUAL.selection == Selection()
    assert not AS_USUAL.words


def test_model_and_language_are_those_that_are_wanted() -> None:
    settings = Wanted("tiny", "de").settings(SETTINGS)
    assert (settings.model, settings.language) == ("tiny", "de")
    settings = Wanted(language="auto").settings(SETTINGS)
    assert (settings.model, settings.language, settings.languages) == ("base", "", ())


def test_what_is_heard_of_the_file_and_how_it_is_called() -> None:
    assert Wanted(track=2, channels="left").selection == Selection(2, "left")
    assert Wanted(track=2, channels="separate").selection == Selection(2, "mix")
    assert Wanted("tiny", "de", 2, "left").words == "tiny · German · track 2 · left channel"
    assert Wanted(channels="separate").words == "speakers apart"
