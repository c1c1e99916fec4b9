"""How captions look: the colours of a preset, and the size that fits the screen."""

from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from sotto.app.core.settings import CaptionPreset, Settings

LOOK_NAMES = (
    "overlay_preset",
    "overlay_text",
    "overlay_tentative",
    "overlay_background",
    "overlay_opacity",
    "overlay_font",
    "overlay_font_size",
    "overlay_lines",
)
"""The settings that `look_of` and `measures_of` read."""

_LINE_HEIGHT = 1.12  # of the font's own spacing: captions are read from afar
_PADDING_EM = 0.5
_LEAST_CHARACTERS = 12  # a narrower line tears most words apart
_LARGEST_SHARE = 0.9  # of the screen's height


@dataclass(frozen=True, slots=True)
class Look:
    """Colours as `#rrggbb`; `opacity` is that of the background, 0 to 1."""

    text: str
    tentative: str
    background: str
    opacity: float


_PRESETS = {
    CaptionPreset.DARK: ("#ffffff", "#b8c4d0", "#0d0f12"),
    CaptionPreset.LIGHT: ("#101214", "#4d545c", "#fdfcf9"),
    CaptionPreset.YELLOW: ("#ffe14d", "#d6b36a", "#000000"),
    CaptionPreset.CONTRAST: ("#ffffff", "#ffff00", "#000000"),
}


def look_of(settings: Settings) -> Look:
    """Return the colours that the settings ask for; a colour that is none is the dark preset's."""
    preset = settings.overlay_preset
    if preset is CaptionPreset.CUSTOM:
        set_ = (settings.overlay_text, settings.overlay_tentative, settings.overlay_background)
        pairs = zip(set_, _PRESETS[CaptionPreset.DARK], strict=True)
        text, tentative, background = (
            QColor(colour if QColor.isValidColorName(colour) else spare).name()
            for colour, spare in pairs
        )
    else:
        text, tentative, background = _PRESETS[preset]
    opacity = 1.0 if preset is CaptionPreset.CONTRAST else settings.overlay_opacity / 100
    return Look(text, tentative, background, opacity)


@dataclass(frozen=True, slots=True)
class Measures:
    """The font of captions and the lengths that follow from it, in pixels."""

    font: QFont
    line_height: float
    padding: float
    outline: float

    def height(self, n_lines: int) -> float:
        """Return the height of a box with that many lines."""
        return n_lines * self.line_height + 2 * self.padding


def measures_of(settings: Settings, screen: QSize, box_width: float) -> Measures:
    """Return the measures for a screen: the size that is set, or the largest that fits."""
    points = float(settings.overlay_font_size)
    wanted = _measures(settings.overlay_font, points)
    character = QFontMetricsF(wanted.font).averageCharWidth()
    fits = min(
        _LARGEST_SHARE * screen.height() / wanted.height(settings.overlay_lines),
        (box_width - 2 * wanted.padding) / (_LEAST_CHARACTERS * character),
    )
    return wanted if fits >= 1 else _measures(settings.overlay_font, max(6.0, points * fits))


def _measures(family: str, points: float) -> Measures:
    font = QFont()
    if family:
        font.setFamily(family)
    font.setPointSizeF(points)
    font.setWeight(QFont.Weight.Medium)
    metrics = QFontMetricsF(font)
    em = metrics.height()
    return Measures(font, em * _LINE_HEIGHT, em * _PADDING_EM, max(1.5, em * 0.06))
