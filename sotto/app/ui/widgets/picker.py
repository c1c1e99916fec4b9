"""A choice among a few named things, filled when they are known."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from sotto.app.ui.widgets.theme import icons
from sotto.app.ui.widgets.theme.colours import Colours
from sotto.app.ui.widgets.theme.sizes import icon_size

_ICON_GAP = 4  # pixels, what Qt leaves between icon and label
_WIDEST = 320  # pixels; a wider box would only be emptier


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a picker: what it stands for, what is shown, and what a tooltip adds."""

    value: str
    label: str
    details: str = ""


class ElidingComboBox(QComboBox):
    """A combo box that says with an ellipsis where its label is too long."""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """As Qt does, but with the ellipsis."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        for_icon = 0 if option.currentIcon.isNull() else self.iconSize().width() + _ICON_GAP
        option.currentText = option.fontMetrics.elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width() - for_icon
        )
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class Picker(ElidingComboBox):
    """A combo box of choices with one icon. `picked` is the user's doing, never a refill's."""

    picked = Signal(str)

    def __init__(self, icon: str, name: str, description: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self._choices: tuple[Choice, ...] = ()
        self._colours: Colours | None = None
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)
        self.setToolTip(description)
        self.setIconSize(icon_size(18))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        self.setMaximumWidth(_WIDEST)
        self.setMaxVisibleItems(12)
        self.activated.connect(lambda index: self.picked.emit(self.itemData(index)))

    @property
    def value(self) -> str:
        """What is chosen; empty when there is nothing to choose."""
        return str(self.currentData() or "")

    def fill(self, choices: Sequence[Choice], wanted: str) -> None:
        """Offer `choices` and select `wanted`, or the first one where that is not among them."""
        self._choices = tuple(choices)
        self.clear()
        for choice in choices:
            self.addItem(choice.label, choice.value)
            self.setItemData(self.count() - 1, choice.details, Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(max(0, self.findData(wanted)) if choices else -1)
        self._paint_icons()

    def choose(self, value: str) -> None:
        """Select what was chosen elsewhere, if it is there."""
        index = self.findData(value)
        if index >= 0:
            self.setCurrentIndex(index)

    def set_colours(self, colours: Colours) -> None:
        """Paint the icon in these colours."""
        self._colours = colours
        self._paint_icons()

    def _paint_icons(self) -> None:
        if self._colours is not None:
            for index in range(self.count()):
                self.setItemIcon(index, icons.icon(self._icon, self._colours.secondary))
