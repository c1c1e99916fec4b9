"""A clipboard manager as they are: it reads whatever is new on the clipboard, at once.

Run as a program, it prints a line of JSON for each content: its text, or null where it got none.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator

from Xlib import X
from Xlib.display import Display
from Xlib.ext.xfixes import XFixesSetSelectionOwnerNotifyMask
from Xlib.xobject.drawable import Window


def main() -> None:
    """Watch until killed."""
    display = Display()
    window = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    clipboard = display.get_atom("CLIPBOARD")
    display.xfixes_query_version()
    display.xfixes_select_selection_input(window, clipboard, XFixesSetSelectionOwnerNotifyMask)
    changed, _ = display.extension_event.SetSelectionOwnerNotify
    display.sync()
    _print({"ready": True})
    while True:
        event = display.next_event()
        if event.type == changed:
            window.convert_selection(
                clipboard, display.get_atom("UTF8_STRING"), display.get_atom("TEXT"), X.CurrentTime
            )
        elif event.type == X.SelectionNotify:
            _print({"text": _text(window, event.property)})


def _text(window: Window, place: int) -> str | None:
    if not place:
        return None
    answer = window.get_full_property(place, X.AnyPropertyType)
    return bytes(answer.value).decode() if answer is not None else None


def _print(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def clipboard_watcher() -> Iterator[list[str | None]]:
    """Run it; the list holds the texts that it read, once this context is left."""
    texts: list[str | None] = []
    watcher = subprocess.Popen(
        [sys.executable, __file__], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert watcher.stdout is not None
    try:
        watcher.stdout.readline()
        yield texts
    finally:
        watcher.terminate()
        seen, _ = watcher.communicate()
        texts.extend(json.loads(line)["text"] for line in seen.splitlines())


if __name__ == "__main__":
    main()
