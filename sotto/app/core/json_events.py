"""Events as lines of JSON for other programs; keys and their order are a contract."""

import json

from sotto.app.core.events import Dropped, Event, Final, Gap, Incident, Partial, Recovered, Waiting
from sotto.app.core.printable import escaped


def as_json(event: Event) -> str | None:
    """Return the line of an event, without its end, or None where there is none.

    `t` and `audio`, `start` and `end` are seconds, rounded to milliseconds.
    """
    match event:
        case Partial(t, audio, committed, tentative):
            fields = _times(t=t, audio=audio) | {"committed": committed, "tentative": tentative}
        case Final(t, audio, start, end, text, language, polished, joined_by=joined_by):
            fields = _times(t=t, audio=audio, start=start, end=end)
            fields |= {"text": text, "language": language, "polished": polished}
            fields |= {} if joined_by is None else {"joined_by": joined_by}
        case Dropped(t, start, end, reason) | Gap(t, start, end, reason):
            fields = _times(t=t, start=start, end=end) | {"reason": reason}
        case Incident(t, message):
            fields = _times(t=t) | {"message": message}
        case Recovered(when, start, end, text, language):
            fields = _times(start=start, end=end)
            fields |= {"text": text, "language": language, "when": when}
        case Waiting(t, audio, device):
            fields = _times(t=t, audio=audio) | {"device": device}
        case _:
            return None
    line = {"event": type(event).__name__.lower()} | fields
    return escaped(json.dumps(line, ensure_ascii=False, separators=(",", ":")))


def _times(**seconds: float) -> dict[str, float | str | bool]:
    return {name: round(value, 3) for name, value in seconds.items()}
