"""The captions: a box of lines over everything, which lets clicks through."""

from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QPainter, QScreen

from sotto.app.core.settings import CaptionSource, SettingsStore
from sotto.app.core.transcript import Transcript
from sotto.app.service.qt_settings import follow
from sotto.app.ui.overlay import painting, placement
from sotto.app.ui.overlay.caption_lines import CaptionLines, Line
from sotto.app.ui.overlay.editing import EditingProcess
from sotto.app.ui.overlay.editor import Editor
from sotto.app.ui.overlay.flow import Flow
from sotto.app.ui.overlay.layer import layer_on
from sotto.app.ui.overlay.look import LOOK_NAMES, look_of, measures_of
from sotto.app.ui.overlay.surface import Surface, WindowSurface

WAITING = {
    CaptionSource.MICROPHONE: "Waiting for the microphone…",
    CaptionSource.SYSTEM: "Waiting for the sound of this computer…",
}

_NAMES = (*LOOK_NAMES, *placement.NAMES, "overlay_fade_s")


class Captions(QObject):
    """Shows the newest words; hidden while there are none. Lives on Qt's thread.

    The surface has room for all lines and stands still; the box on it stands at the bottom and is
    as high as the lines that are there.
    """

    moved = Signal(int, int, int, str)  # overlay_x, overlay_y, overlay_width, overlay_screen
    editing_ended = Signal()

    def __init__(
        self,
        settings: SettingsStore,
        surface: Surface | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Prepare captions; nothing is shown yet.

        Args:
            settings: how they look and where they stand; those named overlay_….
            surface: what they are painted on; None for what suits the desktop.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._settings = settings
        self._surface = surface or layer_on(self._screen(), self) or WindowSurface(self)
        self._surface.gone.connect(self._forget)
        self._surface.blending_changed.connect(self._show_lines)
        self._lines: tuple[Line, ...] = ()
        self._editor: Editor | EditingProcess | None = None
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.timeout.connect(self._surface.vanish)
        self._take_look()
        self._flow = Flow(self._new_roll)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)  # noqa: S101  # there are no widgets without it
        app.screenAdded.connect(self._follow_screen)
        app.screenRemoved.connect(self._place)
        app.primaryScreenChanged.connect(self._place)
        for screen in app.screens():
            self._follow_screen(screen)
        follow(settings, _NAMES, lambda _: self._look_anew(), self)

    def show_transcript(self, transcript: Transcript) -> None:
        """Show the newest words of this text, if it differs from what was shown before."""
        before = self._lines
        self._lines = self._flow.show(transcript)
        if self._lines != before:
            self._show_lines()

    def skip(self, transcript: Transcript) -> None:
        """Take this text as read: show what is said from now on."""
        self._flow.skip(transcript)
        self.clear()

    def show_notice(self, text: str) -> None:
        """Show a line that is not speech, until the first words or until captions fade."""
        self._lines = (Line("", text),)
        self._show_lines()

    def clear(self) -> None:
        """Take all words away at once."""
        self._silence.stop()
        self._surface.hide()
        self._forget()

    def edit(self) -> None:
        """Let the user drag the captions where they should be; `moved` tells where that is."""
        if self._editor is not None:
            return
        self._editor = self._new_editor()
        self._editor.moved.connect(self.moved)
        self._editor.done.connect(self._end_editing)
        self._surface.hide()
        self._editor.start()

    def end_editing(self) -> None:
        """End what `edit` began, as the button "Done" does."""
        if self._editor is not None:
            self._editor.end()

    @property
    def is_edited(self) -> bool:
        """Whether the user is placing the captions."""
        return self._editor is not None

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown, or would be but for the editing."""
        return self._lines

    def _end_editing(self) -> None:
        if self._editor is not None:
            self._editor.deleteLater()
            self._editor = None
        self.editing_ended.emit()
        self._show_lines()

    def _look_anew(self) -> None:
        self._take_look()
        self._place()
        if isinstance(self._editor, Editor):
            self._editor.look_anew()

    def _take_look(self) -> None:
        self._look = look_of(self._settings.current)
        self._measure()

    def _measure(self) -> None:
        screen = self._screen().geometry()
        settings = self._settings.current
        width = placement.box_width(placement.placement_of(settings), screen)
        self._measures = measures_of(settings, screen.size(), width)
        self._room = width - 2 * self._measures.padding

    def _new_roll(self) -> CaptionLines:
        metrics = QFontMetricsF(self._measures.font)
        n_lines = self._settings.current.overlay_lines
        return CaptionLines(metrics.horizontalAdvance, self._room, self._measures.padding, n_lines)

    def _new_editor(self) -> Editor | EditingProcess:
        if QGuiApplication.platformName() == "wayland":
            return EditingProcess(self)
        return Editor(self._settings, self._screen())

    def _screen(self) -> QScreen:
        """Return the screen that was chosen, or the main one while that is not there."""
        chosen = (
            screen
            for screen in QGuiApplication.screens()
            if screen.name() == self._settings.current.overlay_screen
        )
        return next(chosen, None) or QGuiApplication.primaryScreen()

    def _follow_screen(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._place)
        self._place()

    def _place(self) -> None:
        """Take the place on the screen that is there now, and break the lines for its size."""
        if not QGuiApplication.screens():
            return  # the last one was unplugged; the next will call again
        self._measure()
        self._flow.lay_out()
        self._lines = self._flow.lines
        self._show_lines()

    def _show_lines(self) -> None:
        if self.is_edited or not any(line.text for line in self._lines):
            self._surface.hide()
            return
        self._present()
        self._silence.stop()
        if self._settings.current.overlay_fade_s:
            self._silence.start(self._settings.current.overlay_fade_s * 1000)

    def _present(self) -> None:
        screen, n_lines = self._screen(), self._settings.current.overlay_lines
        height = round(self._measures.height(n_lines))
        where = placement.placement_of(self._settings.current)
        place = placement.box_on(screen.geometry(), where, height)
        used = self._measures.height(len(self._lines))
        box = QRectF(0, height - used, place.width(), used)
        shape = painting.box_path(box, self._measures)
        self._surface.present(screen, place, shape, lambda painter: self._paint(painter, box))

    def _paint(self, painter: QPainter, box: QRectF) -> None:
        is_translucent = self._surface.is_translucent
        painting.draw_box(painter, box, self._look, self._measures, is_translucent=is_translucent)
        painting.draw_lines(painter, box, self._lines, self._look, self._measures)

    def _forget(self) -> None:
        self._flow.clear()
        self._lines = ()
