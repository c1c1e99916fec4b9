from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from sotto.app.ui.widgets.theme.colours import (
    AA_CONTROL,
    AA_TEXT,
    DARK,
    LIGHT,
    Colours,
    contrast,
    readable_on,
)

both = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
grounds = ("paper", "control", "control_hover", "menu", "info", "warning", "error")


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # a known near miss
    assert contrast("#123456", "#123456") == 1


@both
def test_text_is_readable_on_every_ground(colours: Colours) -> None:
    for words, ground in product(("text", "secondary"), grounds):
        assert contrast(getattr(colours, words), getattr(colours, ground)) >= AA_TEXT, (
            words,
            ground,
        )


@both
def test_buttons_are_readable_and_outlines_seen(colours: Colours) -> None:
    assert contrast(colours.on_accent, colours.accent) >= AA_TEXT
    assert contrast(colours.on_recording, colours.recording) >= AA_TEXT
    for edge in ("outline", "accent", "recording"):
        assert contrast(getattr(colours, edge), colours.paper) >= AA_CONTROL


@given(accent=st.integers(0, 0xFFFFFF), colours=st.sampled_from([LIGHT, DARK]))
def test_any_accent_of_the_desktop_becomes_readable(accent: int, colours: Colours) -> None:
    with_accent = colours.with_accent(QColor(f"#{accent:06x}"))
    assert contrast(with_accent.accent, colours.paper) >= AA_TEXT
    assert contrast(with_accent.on_accent, with_accent.accent) >= AA_TEXT


def test_an_accent_that_is_readable_stays() -> None:
    assert readable_on("#ffffff", QColor("#0000aa")) == "#0000aa"
