"""What lies under a row of a list that is chosen, pointed at, or has the focus."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from sotto.app.ui.widgets.theme.colours import Colours

_INSET, _RADIUS = 2, 9


def paint_row_ground(painter: QPainter, option: QStyleOptionViewItem, colours: Colours) -> None:
    """Paint it, if the row is any of that."""
    state = QStyle.StateFlag
    is_selected = bool(option.state & state.State_Selected)
    has_focus = bool(option.state & state.State_HasFocus)
    if not (is_selected or has_focus or option.state & state.State_MouseOver):
        return
    painter.setBrush(QColor(colours.control_hover if is_selected else colours.control))
    painter.setPen(QPen(QColor(colours.accent), 2) if has_focus else Qt.PenStyle.NoPen)
    ground = QRectF(option.rect).adjusted(_INSET, _INSET, -_INSET, -_INSET)
    painter.drawRoundedRect(ground, _RADIUS, _RADIUS)
