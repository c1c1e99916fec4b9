"""Finished texts as plain lines, where standard output is a file or a pipe."""

import sys

from sotto.app.core.events import Event, Final, Incident, Preparing, Recovered


class PlainLines:
    """Writes one line for each text that is final; what else is to be said goes to stderr."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def show(self, event: Event) -> None:
        """Write the event if it is one of these."""
        if isinstance(event, Recovered):
            tell_recovered(event, self._said)
        if isinstance(event, Final | Recovered):
            sys.stdout.write(event.text.strip() + "\n")
            sys.stdout.flush()
        elif isinstance(event, Preparing):
            tell_preparing(event, self._said)
        elif isinstance(event, Incident):
            tell_incident(event)

    def close(self) -> None:
        """Nothing is left to do."""


def tell_preparing(event: Preparing, said: set[str]) -> None:
    """Say once what takes long, on standard error."""
    if event.what in said:
        return
    said.add(event.what)
    sys.stderr.write(f"{event.what} (about {event.expected_s:.0f} s, only once)…\n")
    sys.stderr.flush()


def tell_recovered(event: Recovered, said: set[str]) -> None:
    """Say once, on standard error, which session the next texts are of."""
    line = f"Recovered from the session of {event.when}, which was cut off:"
    if line not in said:
        said.add(line)
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def tell_incident(event: Incident) -> None:
    """Say on standard error what the user should know."""
    sys.stderr.write(f"sotto: {event.message}\n")
    sys.stderr.flush()
