"""A small sign at the foot of the screen while Sotto dictates into another application."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QGuiApplication,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from sotto.app.core.events import Level
from sotto.app.ui.overlay.layer import layer_on
from sotto.app.ui.pill.pages import HeldPage, LivePage, MessagePage
from sotto.app.ui.widgets.banner import Kind
from sotto.app.ui.widgets.floating.floating import Floating
from sotto.app.ui.widgets.theme.colours import LIGHT, Colours

_MARGIN = 24  # pixels from the foot of the screen
_GAP = 10  # pixels between the pill and a text that is held
_ROUNDEST = 22.0
_COPIED = "You are in another window now. The text is copied: press Ctrl+V to insert it."
_MESSAGE_MS = 1800  # a message stays for this, and for each character what reading it takes
_READING_MS = 55


class _Capsule(Floating):
    """A rounded window at the foot of a screen, as large as its page."""

    def __init__(self, *, takes_clicks: bool = False) -> None:
        super().__init__(takes_clicks=takes_clicks)
        self._colours = LIGHT
        self._screen = self._desktop.active_screen()

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        self.update()

    def show_page(self, page: QWidget, above: int = 0) -> None:
        """Show this page alone, `above` pixels over where the window usually stands."""
        if not self.isVisible():
            self._screen = self._desktop.active_screen()
        for each in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            each.setVisible(each is page)
        size = page.sizeHint()
        page.setGeometry(QRect(QPoint(0, 0), size))
        room = self._screen.availableGeometry()
        left = room.center().x() - size.width() // 2
        top = room.bottom() + 1 - _MARGIN - above - size.height()
        self.setScreen(self._screen)
        self.setGeometry(QRect(QPoint(left, top), size))
        self.set_shape(self._outline(0.0))
        self.appear()

    def announce(self, text: str) -> None:
        """Have a screen reader speak `text`."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _outline(self, inset: float) -> QPainterPath:
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        radius = min(_ROUNDEST, box.height() / 2)
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        return path

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint what is behind the page."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.is_translucent:  # the window's shape cuts the corners
            painter.fillRect(self.rect(), QColor(self._colours.menu))
        painter.setPen(QPen(QColor(self._colours.outline), 1))
        painter.setBrush(QColor(self._colours.menu))
        painter.drawPath(self._outline(0.5 if self.is_translucent else 1.0))


class Pill(_Capsule):
    """Says what the dictation is doing and never takes the focus. Lives on Qt's thread.

    Clicks go through it. A text that is held has a window of its own, with buttons, and stays there
    until it is answered, whatever else is shown. Both come up on the screen that has the focus.
    """

    insert_here = Signal()
    copy = Signal()
    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Sotto dictation")
        self.setAccessibleName("Dictation")
        self._layer = layer_on(self._screen, self)
        self._is_on_layer = False
        self._live, self._message = LivePage(self), MessagePage(self)
        self._held = _Capsule(takes_clicks=True)
        self._held.setWindowTitle("Text that Sotto holds")
        self._question = HeldPage(self._held)
        self._question.insert.clicked.connect(lambda: self._answer(self.insert_here.emit))
        self._question.copy.clicked.connect(lambda: self._answer(self.copy.emit))
        self._question.dismiss.clicked.connect(lambda: self._answer(self.dismissed.emit))
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.timeout.connect(self.vanish)
        self.set_colours(LIGHT)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these colours from now on."""
        super().set_colours(colours)
        self._held.set_colours(colours)
        for page in (self._live, self._message, self._question):
            page.set_colours(colours)

    def show_listening(self) -> None:
        """Show that the microphone is heard; words and levels follow."""
        self._live.listen()
        self._show(self._live)

    def show_levels(self, levels: Sequence[Level]) -> None:
        """Show how loud it is; the newest level comes last."""
        self._live.meter.show_levels(levels)
        self._refresh()

    def show_words(self, committed: str, tentative: str) -> None:
        """Show the last of these words."""
        self._live.words.show_words(committed, tentative)
        self._refresh()

    def show_waiting(self) -> None:
        """Show that the microphone is away and looked for."""
        self._live.wait()
        self._show(self._live)

    def show_finishing(self) -> None:
        """Show that no more is heard and that the last words are being written down."""
        self._live.finish()
        self._show(self._live)

    def notice(self, text: str, kind: Kind = Kind.INFO) -> None:
        """Show a message for as long as reading it takes."""
        self._message.say(text, kind)
        self._show(self._message)
        self._reading.start(_MESSAGE_MS + _READING_MS * len(text))
        self.announce(text)

    def hold(self, text: str) -> None:
        """Keep a text that was not inserted until the user says what to do with it.

        A window of Wayland would take the focus: there the text is copied, as if that had been
        chosen.
        """
        if QGuiApplication.platformName() == "wayland":
            self.notice(_COPIED)
            QTimer.singleShot(0, self.copy.emit)  # whoever holds the text must have heard of it
            return
        self._question.keep(text)
        self.rest()
        self._held.show_page(self._question)
        self._held.announce(HeldPage.headline)

    @property
    def is_holding(self) -> bool:
        """Whether a held text waits for an answer."""
        return self._held.isVisible()

    def rest(self) -> None:
        """Go at once, but for a text that is held: that stays until it is answered."""
        self._reading.stop()
        self.hide()
        if self._layer is not None:
            self._is_on_layer = False
            self._layer.hide()

    def hide_now(self) -> None:
        """Go at once, with a text that may be held."""
        self.rest()
        self._held.hide()

    def appear(self) -> None:
        """Show it at once; where Wayland has a layer for such things, there."""
        if self._layer is None:
            super().appear()
        else:
            self._is_on_layer = True
            self._refresh()

    def vanish(self) -> None:
        """Fade out."""
        if self._layer is None:
            super().vanish()
        else:
            self._is_on_layer = False
            self._layer.vanish()

    def _refresh(self) -> None:
        """Hand a new picture over: a layer does not see what the widgets in it do."""
        if self._layer is not None and self._is_on_layer:
            self._layer.present(self._screen, self.geometry(), self._outline(0.0), self._draw)

    def _draw(self, painter: QPainter) -> None:
        self.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)

    def _show(self, page: QWidget) -> None:
        self._reading.stop()
        self.show_page(page, self._held.height() + _GAP if self.is_holding else 0)

    def _answer(self, emit: Callable[[], None]) -> None:
        self._held.hide()
        emit()
