"""Finished texts as plain lines, where standard output is a file or a pipe."""

import sys

from sotto.app.core.events import Event, Final, Incident, Preparing


class PlainLines:
    """Writes one line for each final text; what else matters goes to stderr."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def show(self, event: Event) -> None:
        """Write the event if it is one of these."""
        if isinstance(event, Final):
            sys.stdout.write(event.text.strip() + "\n")
            sys.stdout.flush()
        elif isinstance(event, Incident):
            sys.stderr.write(f"sotto: {event.message}\n")
            sys.stderr.flush()
        elif isinstance(event, Preparing):
            tell_preparing(event, self._said)

    def close(self) -> None:
        """Nothing is left to do."""


def tell_preparing(event: Preparing, said: set[str]) -> None:
    """Say once what takes long, on standard error."""
    if event.what in said:
        return
    said.add(event.what)
    sys.stderr.write(f"{event.what} (about {event.expected_s:.0f} s, only once)…\n")
    sys.stderr.flush()
