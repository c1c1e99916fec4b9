"""The user's clipboard on Wayland, lent to a text for the moment of a paste."""

from collections.abc import Callable

from sotto.app.desktop.insertion.on_wayland.wl_copy import wl_copy
from sotto.app.desktop.insertion.target import Outcome
from sotto.app.desktop.wayland.data_control import TEXT_FORMATS, Clipboard, Formats, Source

# Asks clipboard managers to forget: what is dictated is not what the user copied.
_HINT = {"x-kde-passwordManagerHint": b"secret"}

# Clipboard managers read at once; they must have done so before the reader is the target.
_WATCHERS_QUIET_S = 0.05
_WATCHERS_WITHIN_S = 2.0
# A busy program reads late. Longer, and the user is told to paste by hand.
_READ_WITHIN_S = 10.0
# Some programs ask twice; a clipboard manager that was slow may have been the first.
_TARGET_QUIET_S = 0.25
_TARGET_WITHIN_S = 5.0


class LentClipboard:
    """Puts texts on the clipboard, and back what was there before where the compositor lets it."""

    def __init__(self, clipboard: Clipboard | None) -> None:
        self._clipboard = clipboard
        self._source: Source | None = None

    def copy(self, text: str) -> None:
        """Put `text` on the clipboard to stay there."""
        if self._clipboard is None:
            wl_copy(text.encode(), TEXT_FORMATS[0])
        else:
            self._source = self._clipboard.put(_formats(text))

    def paste(self, text: str, press: Callable[[], bool]) -> Outcome:
        """Put `text` on the clipboard while `press` makes the target read it.

        `press` tells whether it has pressed, which it must not where the target has lost the focus.
        Without access to the clipboard, what was on it before is lost: nothing tells when the text
        was read and that could come back.
        """
        if self._clipboard is None:
            self.copy(text)
            return Outcome.INSERTED if press() else Outcome.MOVED
        saved = self._clipboard.read()
        source = self._clipboard.put(_formats(text) | _HINT)
        outcome = _press_and_wait(source, press)
        if outcome is not Outcome.COPIED and source.is_current:
            self._put_back(self._clipboard, saved)
        return outcome

    def hand_over(self) -> None:
        """Give what Sotto holds to `wl-copy`, so that it outlives Sotto."""
        if self._source is None or not self._source.is_current:
            return
        kind, data = _richest(self._source.formats)
        wl_copy(data, kind)

    def _put_back(self, clipboard: Clipboard, saved: Formats) -> None:
        if saved:
            self._source = clipboard.put(saved)
        else:
            clipboard.clear()


def _formats(text: str) -> dict[str, bytes]:
    return dict.fromkeys(TEXT_FORMATS, text.encode())


def _press_and_wait(source: Source, press: Callable[[], bool]) -> Outcome:
    source.wait_for_quiet(_WATCHERS_QUIET_S, _WATCHERS_WITHIN_S)
    n_watchers = source.n_reads
    if not press():
        return Outcome.MOVED
    if not source.wait_for_read(n_watchers, _READ_WITHIN_S):
        return Outcome.COPIED
    source.wait_for_quiet(_TARGET_QUIET_S, _TARGET_WITHIN_S)
    return Outcome.INSERTED


def _richest(formats: Formats) -> tuple[str, bytes]:
    """Return the one format that loses least: a picture, then text, then any."""
    kinds = [name for name in formats if name.startswith("image/")]
    kinds += [name for name in TEXT_FORMATS if name in formats]
    kind = [*kinds, *formats][0]
    return kind, formats[kind]
