"""What the Pulse server offers, as it changes: sources that come and go, another default."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

CONNECT_AGAIN_S = 0.2  # after this a server that was restarted is looked for: half a millisecond
_TURN_S = 1.0  # so often the watch looks whether it is to end
_SETTLE_S = 0.05  # changes come in flocks


@dataclass(frozen=True, slots=True)
class ServerState:
    """What a Pulse server offers.

    Attributes:
        sources: the names of all sources.
        default_source: the name of the one that is heard where none is chosen; empty if none.
        default_sink: likewise of what is played.
        has_microphone: whether any source is more than what the machine plays.
    """

    sources: frozenset[str]
    default_source: str
    default_sink: str
    has_microphone: bool

    @property
    def microphone(self) -> str | None:
        """The default microphone; None where there is only what the machine plays."""
        return (self.default_source or None) if self.has_microphone else None


class ServerWatch:
    """Follows the Pulse server on a thread of its own, which may hang as long as the server does.

    `state` is replaced by that thread and read by any; None while no server answers.
    """

    def __init__(self) -> None:
        self.state: ServerState | None = None
        self._ending = threading.Event()
        threading.Thread(target=self._watch, name="sotto-devices", daemon=True).start()

    def close(self) -> None:
        """Watch no longer; returns at once."""
        self._ending.set()

    def _watch(self) -> None:
        try:
            import pulsectl  # noqa: PLC0415 - its import loads libpulse, which may be missing
        except (ImportError, OSError):
            return
        while not self._ending.is_set():
            with suppress(pulsectl.PulseError, pulsectl.PulseDisconnected):
                self._follow(pulsectl)
            self.state = None
            self._ending.wait(CONNECT_AGAIN_S)

    def _follow(self, pulsectl: Any) -> None:
        """Follow one server until it is gone."""
        with pulsectl.Pulse("sotto", connect=False) as pulse:
            pulse.connect(autospawn=False)
            changed = threading.Event()
            pulse.event_mask_set("source", "sink", "server")
            pulse.event_callback_set(_stop_at_change(changed, pulsectl.PulseLoopStop))
            self.state = server_state(pulse)
            while not self._ending.is_set():
                if not changed.is_set():
                    pulse.event_listen(timeout=_TURN_S)
                    continue
                changed.clear()
                self._ending.wait(_SETTLE_S)
                self.state = server_state(pulse)  # more may change while it is asked


def server_state(pulse: Any) -> ServerState:
    """Ask an open connection of pulsectl what the server offers."""
    info, sources = pulse.server_info(), pulse.source_list()
    return ServerState(
        frozenset(source.name for source in sources),
        info.default_source_name or "",
        info.default_sink_name or "",
        any(source.monitor_of_sink_name is None for source in sources),
    )


def _stop_at_change(changed: threading.Event, stop: type[Exception]) -> Callable[[Any], None]:
    def note(event: Any) -> None:
        # Volumes of sinks change all the time; only their coming and going, and defaults, count.
        if event.t != "change" or event.facility == "server":
            changed.set()
            raise stop

    return note
