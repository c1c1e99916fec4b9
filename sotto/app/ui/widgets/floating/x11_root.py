"""What the X server's root window tells about the desktop: its compositor and its active window."""

from PySide6.QtCore import QObject, QPoint, QRect, QSocketNotifier, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from Xlib import X, display, error
from Xlib.ext import xfixes


class XRoot(QObject):
    """A connection of its own to the X server that Qt uses; lives on Qt's thread.

    A compositing manager owns the selection _NET_WM_CM_Sn of its screen:
    https://specifications.freedesktop.org/wm-spec/latest/ar01s08.html
    """

    compositor_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        """Connect.

        Raises:
            Xlib.error.DisplayError: there is no X server.
        """
        super().__init__(parent)
        self._display = display.Display()
        self._root = self._display.screen().root
        number = self._display.get_default_screen()
        self._manager = self._display.intern_atom(f"_NET_WM_CM_S{number}")
        self._watch_manager()
        self.has_compositor = self._owner_exists()
        self._notifier = QSocketNotifier(self._display.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def active_window(self) -> QPoint | None:
        """Return the middle of the focused window, in the server's pixels, if it is known."""
        found = self._root.get_full_property(
            self._display.intern_atom("_NET_ACTIVE_WINDOW"), X.AnyPropertyType
        )
        if found is None or not found.value or not found.value[0]:
            return None
        window = self._display.create_resource_object("window", found.value[0])
        try:
            size = window.get_geometry()
            corner = self._root.translate_coords(window, 0, 0)
        except error.XError:
            return None  # closed meanwhile
        return QPoint(corner.x + size.width // 2, corner.y + size.height // 2)

    def _watch_manager(self) -> None:
        self._display.xfixes_query_version()  # the server wants to be asked before anything else
        self._display.xfixes_select_selection_input(
            self._root,
            self._manager,
            xfixes.XFixesSetSelectionOwnerNotifyMask
            | xfixes.XFixesSelectionWindowDestroyNotifyMask
            | xfixes.XFixesSelectionClientCloseNotifyMask,
        )

    def _owner_exists(self) -> bool:
        return self._display.get_selection_owner(self._manager) != X.NONE

    def _read(self) -> None:
        try:
            while self._display.pending_events():
                self._display.next_event()
            exists = self._owner_exists()
        except error.ConnectionClosedError:  # the server ended, and soon Qt will end this process
            self._notifier.setEnabled(False)
            return
        if exists is not self.has_compositor:
            self.has_compositor = exists
            self.compositor_changed.emit(exists)


def screen_at(point: QPoint) -> QScreen | None:
    """Return the screen on which a point in the server's pixels lies."""
    for screen in QGuiApplication.screens():
        pixels = screen.geometry().size() * screen.devicePixelRatio()
        if QRect(screen.geometry().topLeft(), pixels).contains(point):
            return screen
    return None
