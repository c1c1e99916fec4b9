"""The live view in a terminal: committed text plain, tentative text dim, rewritten in place."""

import time

from rich.console import Console
from rich.live import Live
from rich.text import Text

from sotto.app.core.events import (
    Event,
    Final,
    Gap,
    Incident,
    Lag,
    Level,
    Partial,
    Preparing,
    Recovered,
    SessionState,
    StateChanged,
    Waiting,
)
from sotto.app.core.gap_mark import gap_mark
from sotto.app.core.printable import printable

_METER = " ▁▂▃▄▅▆▇█"
_QUIETEST_DB = -60.0  # below this the meter is empty
_NOTABLE_LAG_S = 1.0  # a lag that the eye does not notice is not worth a word

_FRAME_S = 1 / 12  # levels come oftener; the eye needs no more

_STATES = {
    SessionState.PREPARING: "getting the model ready",
    SessionState.LISTENING: "listening",
    SessionState.FINISHING: "writing the last words",
    SessionState.STOPPED: "",
}


class TerminalView:
    """Shows a session in the terminal. Owned by the main thread."""

    def __init__(self, console: Console | None = None) -> None:
        self._live = Live(
            console=console or Console(highlight=False), transient=True, auto_refresh=False
        )
        self._drawn_at = 0.0  # by the thread that shows: an error of the terminal is met here
        self._committed = ""
        self._tentative = ""
        self._state = ""
        self._level = " "
        self._lag_s = 0.0
        self._told: set[str] = set()
        self._live.start()

    def show(self, event: Event) -> None:
        """Bring the terminal up to date."""
        match event:
            case Partial():
                self._committed, self._tentative = event.committed, event.tentative
            case Final():
                self._committed = self._tentative = ""
                self._live.console.print(Text(printable(event.text.strip())))
            case Recovered():
                self._live.console.print(
                    Text.assemble(("recovered  ", "dim"), printable(event.text.strip()))
                )
            case Incident():
                self._live.console.print(Text(printable(event.message), style="yellow"))
            case Gap():
                self._committed = self._tentative = ""  # it had its final, or was no speech
                self._live.console.print(Text(gap_mark(event), style="dim italic"))
            case _:
                self._note(event)
        self._live.update(self._picture())
        now = time.monotonic()
        if not isinstance(event, Level) or now >= self._drawn_at + _FRAME_S:
            self._drawn_at = now
            self._live.refresh()

    def _note(self, event: Event) -> None:
        """Take note of what the last line tells."""
        match event:
            case Preparing(expected_s=0.0):  # no work that takes time, but something to know
                self._tell(event.what)
            case Preparing():
                self._state = _waiting(event)
            case StateChanged():
                self._state = _STATES[event.state]
            case Waiting():
                self._state = f"waiting for the microphone “{_printable(event.device)}”"
                self._level = " "
            case Level():
                self._level = meter(event.rms_db)
            case Lag():
                self._lag_s = event.lag_s

    def _tell(self, what: str) -> None:
        if what not in self._told:
            self._told.add(what)
            self._live.console.print(Text(printable(f"sotto: {what}"), style="yellow"))

    def refresh(self) -> None:
        """Draw at once instead of with an event a frame later."""
        self._live.refresh()

    def close(self) -> None:
        """Leave the finished lines and nothing else."""
        self._live.update(Text())
        self._live.stop()

    def _picture(self) -> Text:
        text = Text(printable(self._committed.lstrip()))
        tentative = self._tentative if self._committed else self._tentative.lstrip()
        text.append(printable(tentative), style="dim")
        if text:
            text.append("\n")
        return text.append(self._status(), style="dim cyan")

    def _status(self) -> str:
        late = f" · {self._lag_s:.1f} s behind" if self._lag_s > _NOTABLE_LAG_S else ""
        return f"{self._level} {self._state}{late}"


def _printable(name: str) -> str:
    """Return the name of a device without what would steer the terminal."""
    return "".join(character for character in name if character.isprintable())


def meter(rms_db: float) -> str:
    """Return one character as high as the sound is loud."""
    share = 1 - min(0.0, max(_QUIETEST_DB, rms_db)) / _QUIETEST_DB
    return _METER[round(share * (len(_METER) - 1))]


def _waiting(event: Preparing) -> str:
    return f"{event.what}: {event.elapsed_s:.0f} s of about {event.expected_s:.0f} s, only once"
