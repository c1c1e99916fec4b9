import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from sotto.app.core.settings import CaptionPreset, Settings
from sotto.app.ui.overlay.look import LOOK_NAMES, look_of, measures_of
from sotto.app.ui.overlay.placement import NAMES, placement_of
from sotto.app.ui.widgets.theme.colours import contrast
from tests.helpers.watched_settings import names_read

PRESETS = [preset for preset in CaptionPreset if preset is not CaptionPreset.CUSTOM]


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_readable(preset: CaptionPreset) -> None:
    look = look_of(Settings(overlay_preset=preset))
    assert contrast(look.text, look.background) >= 7
    assert contrast(look.tentative, look.background) >= 4.5


def test_the_strongest_contrast_is_never_translucent() -> None:
    look = look_of(Settings(overlay_preset=CaptionPreset.CONTRAST, overlay_opacity=10))
    assert look.opacity == 1
    assert contrast(look.text, look.background) == pytest.approx(21)


def test_own_colours_are_taken_and_what_is_no_colour_is_not() -> None:
    look = look_of(
        Settings(
            overlay_preset=CaptionPreset.CUSTOM,
            overlay_text="#123456",
            overlay_tentative="nonsense",
            overlay_background="",
        )
    )
    dark = look_of(Settings(overlay_preset=CaptionPreset.DARK))
    assert look.text == "#123456"
    assert (look.tentative, look.background) == (dark.tentative, dark.background)


@pytest.mark.parametrize("size", [(800, 480), (1280, 800), (3840, 2160), (600, 1024)])
@pytest.mark.parametrize("points", [12, 28, 96])
@pytest.mark.parametrize("n_lines", [1, 4])
@pytest.mark.parametrize("width", [200, 640, 1000])
def test_every_size_fits_every_screen(
    size: tuple[int, int], points: int, n_lines: int, width: int, qapp: QApplication
) -> None:
    settings = Settings(overlay_font_size=points, overlay_lines=n_lines, overlay_width=width)
    screen = QSize(*size)
    box_width = screen.width() * width / 1000
    measures = measures_of(settings, screen, box_width)
    assert measures.font.pointSizeF() <= points
    assert measures.height(n_lines) <= screen.height()
    room = box_width - 2 * measures.padding
    assert QFontMetricsF(measures.font).averageCharWidth() * 8 <= room


def test_what_follows_the_look_and_the_place_asks_for_all_of_their_settings(
    qapp: QApplication,
) -> None:
    presets = [Settings(overlay_preset=preset) for preset in CaptionPreset]
    measures = [lambda settings: measures_of(settings, QSize(800, 600), 500.0)]
    assert names_read(presets, [look_of, *measures]) == set(LOOK_NAMES)
    assert names_read(presets, [placement_of]) == set(NAMES) - {"overlay_screen"}
