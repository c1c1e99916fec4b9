"""Finished texts as plain lines, where standard output is a file or a pipe."""

from sotto.app.cli import terminal
from sotto.app.core.events import Event, Final, Gap, Incident, Preparing, Recovered, Waiting
from sotto.app.core.gap_mark import gap_mark


class PlainLines:
    """Writes one line for each final text and each gap in the sound; the rest goes to stderr."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def show(self, event: Event) -> None:
        """Write the event if it is one of these."""
        match event:
            case Final():
                terminal.write_line(event.text.strip())
            case Recovered():
                tell_recovered(event, self._said)
                terminal.write_line(event.text.strip())
            case Gap():
                terminal.write_line(gap_mark(event))
            case Preparing():
                tell_preparing(event, self._said)
            case Incident():
                terminal.tell(event.message)
            case Waiting():
                terminal.note("Waiting for the microphone…")

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


def tell_recovered(event: Recovered, said: set[str]) -> None:
    """Say once, on standard error, which session the next texts are of."""
    line = f"Recovered from the session of {event.when}, which was cut off:"
    if line not in said:
        said.add(line)
        terminal.note(line)
