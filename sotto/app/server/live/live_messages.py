"""Events of a live session as messages: the lines of `sotto listen --json`, and a few more."""

import json

from sotto.app.core.events import Event, Fault, Lag, StateChanged
from sotto.app.core.json_events import as_json


def as_message(event: Event) -> str | None:
    """Return the message of an event, None where there is none.

    Beside those of `as_json`: `state`, `lag` (seconds, and compute seconds a second of speech) and
    `fault`, after which the session ends.
    """
    match event:
        case StateChanged(state):
            return _message("state", state=state.value)
        case Lag(lag_s, real_time_factor):
            return _message("lag", lag=round(lag_s, 3), real_time_factor=round(real_time_factor, 3))
        case Fault(message):
            return fault(message)
        case _:
            return as_json(event)


def fault(message: str) -> str:
    """Return the message that says why a session ends before its time."""
    return _message("fault", message=message)


def _message(event: str, **fields: str | float) -> str:
    return json.dumps({"event": event} | fields, ensure_ascii=False, separators=(",", ":"))
