"""Events as lines of JSON on standard output."""

import sys

from sotto.app.cli.views.plain_lines import tell_warned
from sotto.app.core.events import Event, Warned
from sotto.app.core.json_events import as_json


class JsonLines:
    """Writes the events about text to standard output, each line at once; warnings to stderr."""

    def show(self, event: Event) -> None:
        """Write the event if the contract knows it."""
        line = as_json(event)
        if line is not None:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        elif isinstance(event, Warned):
            tell_warned(event)

    def close(self) -> None:
        """Nothing is left to do."""
