"""Finished texts as plain lines, where standard output is a file or a pipe."""

from sotto.app.cli import terminal
from sotto.app.core.events import Event, Final, Preparing


class PlainLines:
    """Writes one line for each final text; what happens before the first goes to stderr."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def show(self, event: Event) -> None:
        """Write the event if it is one of the two."""
        if isinstance(event, Final):
            terminal.write_line(event.text.strip())
        elif isinstance(event, Preparing):
            tell_preparing(event, self._said)

    def close(self) -> None:
        """Nothing is left to do."""


def tell_preparing(event: Preparing, said: set[str]) -> None:
    """Say once what takes long, on standard error."""
    if event.what in said:
        return
    said.add(event.what)
    if event.expected_s > 0:
        terminal.note(f"{event.what} (about {event.expected_s:.0f} s, only once)…")
    else:
        terminal.tell(event.what)
