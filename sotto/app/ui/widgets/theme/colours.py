"""Light and dark colours, and the arithmetic that keeps text readable on them.

Contrast is WCAG 2.2's: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. Text reaches 4.5 : 1
(level AA), the outlines of controls 3 : 1.
"""

from dataclasses import dataclass, replace

from PySide6.QtGui import QColor

AA_TEXT = 4.5
AA_CONTROL = 3.0


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a window, as `#rrggbb`, named for what they colour."""

    is_dark: bool
    paper: str
    text: str
    secondary: str
    hairline: str
    outline: str
    control: str
    control_hover: str
    menu: str
    accent: str
    on_accent: str
    recording: str
    on_recording: str
    info: str
    warning: str
    error: str

    def with_accent(self, accent: QColor) -> "Colours":
        """Return these colours around another accent, made readable on the paper if need be."""
        usable = readable_on(self.paper, accent)
        return replace(self, accent=usable, on_accent=_text_on(usable))


LIGHT = Colours(
    is_dark=False,
    paper="#fcfbf8",
    text="#1f1e1b",
    secondary="#66625b",
    hairline="#e8e4dc",
    outline="#8f8a81",
    control="#f2efe9",
    control_hover="#e9e5dd",
    menu="#ffffff",
    accent="#27695c",
    on_accent="#ffffff",
    recording="#b9362b",
    on_recording="#ffffff",
    info="#eef3f1",
    warning="#fbf1dc",
    error="#fbe9e6",
)
DARK = Colours(
    is_dark=True,
    paper="#1b1a19",
    text="#edeae4",
    secondary="#aaa59c",
    hairline="#34312e",
    outline="#79746c",
    control="#282624",
    control_hover="#34312e",
    menu="#262422",
    accent="#83c9b8",
    on_accent="#10231f",
    recording="#f0877b",
    on_recording="#2a0f0b",
    info="#22302c",
    warning="#392f1b",
    error="#40241f",
)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 (same) to 21 (black on white)."""
    dim, bright = sorted((_luminance(QColor(first)), _luminance(QColor(second))))
    return (bright + 0.05) / (dim + 0.05)


def readable_on(ground: str, colour: QColor, ratio: float = AA_TEXT) -> str:
    """Return `colour`, moved towards black or white until it reaches `ratio` on `ground`."""
    end = QColor(_text_on(ground))
    for step in range(21):
        mixed = _mix(colour, end, step / 20)
        if contrast(mixed, ground) >= ratio:
            return mixed
    return end.name()


def _text_on(ground: str) -> str:
    return max("#ffffff", "#000000", key=lambda colour: contrast(colour, ground))


def _mix(first: QColor, second: QColor, share: float) -> str:
    pairs = zip(first.getRgbF()[:3], second.getRgbF()[:3], strict=True)  # type: ignore[index]  # stub says object
    return QColor.fromRgbF(*(a + (b - a) * share for a, b in pairs)).name()


def _luminance(colour: QColor) -> float:
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
