"""Programs that have to do with the clipboard: run as a program, with the part that it plays.

owner    Qt; owns it with many formats, as a browser does
silent   owns it and answers nobody, as a program that hangs
manager  owns CLIPBOARD_MANAGER and takes over what it is told to save
"""

import contextlib
import subprocess
import sys
from collections.abc import Iterator

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from Xlib import X
from Xlib.display import Display
from Xlib.protocol.event import SelectionNotify
from Xlib.protocol.rq import Event

CUSTOM = "application/x-sotto-test"


def owner() -> None:
    """Own a text, its HTML, a picture and something of one's own."""
    application = QGuiApplication(sys.argv[:1])
    content, picture = QMimeData(), QImage(64, 64, QImage.Format.Format_RGB32)
    picture.fill(0x336699)
    content.setText("plain é")
    content.setHtml("<b>plain é</b>")
    content.setImageData(picture)
    content.setData(CUSTOM, bytes(range(256)))

    def own() -> None:
        application.clipboard().setMimeData(content)
        QTimer.singleShot(0, _ready)

    QTimer.singleShot(0, own)
    application.exec()


def silent() -> None:
    """Own the clipboard and answer nobody."""
    display = Display()
    window = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    window.set_selection_owner(display.get_atom("CLIPBOARD"), X.CurrentTime)
    display.sync()
    _ready()
    while True:
        display.next_event()


def manager() -> None:
    """Take over the clipboard's text when told to, and hand it out from then on."""
    display = Display()
    window = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    clipboard, text = display.get_atom("CLIPBOARD"), display.get_atom("UTF8_STRING")
    window.set_selection_owner(display.get_atom("CLIPBOARD_MANAGER"), X.CurrentTime)
    display.sync()
    _ready()
    kept, save = b"", None
    while True:
        event = display.next_event()
        if event.type == X.SelectionRequest and event.selection != clipboard:
            save = event
            window.convert_selection(clipboard, text, text, X.CurrentTime)
        elif event.type == X.SelectionNotify and save is not None:
            kept = bytes(window.get_full_property(text, X.AnyPropertyType).value)
            window.set_selection_owner(clipboard, X.CurrentTime)
            _answer(save)
        elif event.type == X.SelectionRequest:
            event.requestor.change_property(event.property, text, 8, kept)
            _answer(event)
        display.flush()


def _answer(request: Event) -> None:
    request.requestor.send_event(
        SelectionNotify(
            time=request.time,
            requestor=request.requestor,
            selection=request.selection,
            target=request.target,
            property=request.property,
        )
    )


def _ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


@contextlib.contextmanager
def playing(part: str) -> Iterator["subprocess.Popen[str]"]:
    """Run the program in its `part` until the end of this context."""
    process = subprocess.Popen(
        [sys.executable, __file__, part],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


if __name__ == "__main__":
    {"owner": owner, "silent": silent, "manager": manager}[sys.argv[1]]()
