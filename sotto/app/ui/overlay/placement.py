"""Where captions stand on a screen, as the settings keep it: in thousandths of the screen."""

from dataclasses import dataclass

from PySide6.QtCore import QRect

from sotto.app.core.settings import Settings

_THOUSAND = 1000
_NARROWEST = 200


@dataclass(frozen=True, slots=True)
class Placement:
    """The middle and the bottom of the captions and their width, in thousandths of the screen."""

    x: int
    y: int
    width: int


NAMES = ("overlay_screen", "overlay_x", "overlay_y", "overlay_width")
"""The settings that say where captions stand."""


def placement_of(settings: Settings) -> Placement:
    """Return where the settings put the captions."""
    return Placement(settings.overlay_x, settings.overlay_y, settings.overlay_width)


def box_width(placement: Placement, screen: QRect) -> int:
    """Return the width of captions on `screen`, in pixels."""
    return min(screen.width(), round(screen.width() * placement.width / _THOUSAND))


def box_on(screen: QRect, placement: Placement, height: int) -> QRect:
    """Return the box of captions on `screen`, `height` pixels high, wholly inside the screen."""
    width = box_width(placement, screen)
    middle = screen.x() + round(screen.width() * placement.x / _THOUSAND)
    bottom = screen.y() + round(screen.height() * placement.y / _THOUSAND)
    return inside(screen, QRect(middle - width // 2, bottom - height, width, height))


def inside(screen: QRect, box: QRect) -> QRect:
    """Return the box moved, and made smaller if it must be, so that all of it is on `screen`."""
    width, height = min(box.width(), screen.width()), min(box.height(), screen.height())
    x = min(max(box.x(), screen.x()), screen.x() + screen.width() - width)
    y = min(max(box.y(), screen.y()), screen.y() + screen.height() - height)
    return QRect(x, y, width, height)


def placement_from(screen: QRect, box: QRect) -> Placement:
    """Return what the settings keep of a box on `screen`."""
    middle = box.x() + box.width() // 2 - screen.x()
    bottom = box.y() + box.height() - screen.y()
    return Placement(
        _thousandths(middle, screen.width()),
        _thousandths(bottom, screen.height()),
        max(_NARROWEST, _thousandths(box.width(), screen.width())),
    )


def moved_by(where: Placement, x: int, y: int, width: int) -> Placement:
    """Return the place moved and widened by so many thousandths, as far as that goes."""
    return Placement(
        min(_THOUSAND, max(0, where.x + x)),
        min(_THOUSAND, max(0, where.y + y)),
        min(_THOUSAND, max(_NARROWEST, where.width + width)),
    )


def _thousandths(part: int, whole: int) -> int:
    return min(_THOUSAND, max(0, round(_THOUSAND * part / whole)))
