"""When cues are shown: as long as reading takes, as far as those before and behind them allow.

A cue need not begin on the very frame on which its first word does. Netflix's guide lets it come up
to three frames early or late, and so a quick cue gets time of a slow one beside it. Which of them
give and which take is the cheapest of all ways, found by dynamic programming.
"""

from dataclasses import dataclass

from sotto.app.core.transcription_files.timed_words import TimedWord, columns, joined

MIN_SHOWN_S = 1.0
"""A cue is there for so long if the next one lets it; Netflix asks for 5/6 s, the BBC for more."""
MAX_SHOWN_S = 7.0
FRAME_S = 0.04
"""25 a second, as television has them."""
GAP_S = 2 * FRAME_S
"""Between two cues, so that the eye sees another text."""
SLIP_S = 3 * FRAME_S
"""How much earlier or later than its first word a cue may begin."""
CLOSED_S = 0.5
"""A shorter pause than this between cues flickers, so the first one stays until the second."""
LEAST_SHOWN_S = 0.2
"""Where words have no time of their own, later cues wait for so long."""

_TOO_SHORT = 2.0  # what it costs to be there for less than MIN_SHOWN_S
_TOO_QUICK = 1.0  # than people read, at all
_QUICKER, _AT_MOST = 6.0, 8.0  # for each time over that the reader is too slow, and in all
_OVER = 1.0005  # of the reading time, from where on it counts: times are written in thousandths
_SLIPPED = 0.02  # a frame
_NEVER = 1e9
_SLIPS = tuple(range(-3, 4))  # in frames

Time = tuple[float, float]  # from when to when a cue is shown, in seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """Of a cue: columns in a line, lines, and characters that people read in a second."""

    width: int = 42
    lines: int = 2
    characters_per_s: float = 17.0


def hurry(n_columns: int, time_s: float, within: Limits) -> float:
    """Return what it costs that a text is shown for so long and no longer."""
    times_over = n_columns / within.characters_per_s / min(max(time_s, 0.01), MAX_SHOWN_S)
    too_short = _TOO_SHORT if time_s < MIN_SHOWN_S else 0.0
    if times_over <= _OVER:
        return too_short
    return too_short + _TOO_QUICK + min(_AT_MOST, _QUICKER * (times_over - 1))


def shown_times(parts: list[list[TimedWord]], within: Limits) -> list[Time]:
    """Return when the cues of these words are shown, one after another."""
    lengths = [columns(joined(part)) for part in parts]
    starts = _slipped(_earliest(parts), lengths, within)
    limits_s = [start - GAP_S for start in starts[1:]] + [float("inf")]
    reading_s = [length / within.characters_per_s for length in lengths]
    return [
        (start, _end(part[-1].end, start, limit, needed))
        for part, start, limit, needed in zip(parts, starts, limits_s, reading_s, strict=False)
    ]


def _earliest(parts: list[list[TimedWord]]) -> list[float]:
    """Return when each first word is said, later where those before it have no time."""
    starts: list[float] = []
    for part in parts:
        earliest = starts[-1] + LEAST_SHOWN_S + GAP_S if starts else 0.0
        starts.append(max(part[0].start, earliest))
    return starts


def _slipped(starts: list[float], lengths: list[int], within: Limits) -> list[float]:
    """Return the starts, some a few frames earlier or later, so that little is read in a hurry."""
    if not starts:
        return []
    choices = [[max(0.0, start + slip * FRAME_S) for slip in _SLIPS] for start in starts]
    costs = [_SLIPPED * abs(slip) for slip in _SLIPS]
    chosen: list[list[int]] = []  # of each cue but the first: which of the one before leads there
    for before, own, length in zip(choices, choices[1:], lengths, strict=False):
        ways = [
            [
                cost + _hurry_of(length, first, then, within)
                for first, cost in zip(before, costs, strict=True)
            ]
            for then in own
        ]
        chosen.append([min(range(len(way)), key=way.__getitem__) for way in ways])
        costs = [min(way) + _SLIPPED * abs(slip) for way, slip in zip(ways, _SLIPS, strict=True)]
    at = min(range(len(costs)), key=costs.__getitem__)
    path = [at]
    for ways_back in reversed(chosen):
        path.append(ways_back[path[-1]])
    return [choice[at] for choice, at in zip(choices, reversed(path), strict=True)]


def _hurry_of(n_columns: int, start: float, next_start: float, within: Limits) -> float:
    time_s = next_start - GAP_S - start
    return _NEVER if time_s < LEAST_SHOWN_S - 1e-6 else hurry(n_columns, time_s, within)


def _end(said: float, start: float, limit: float, reading_s: float) -> float:
    """Return when a cue goes: after its words, when it is read, or just before the next one."""
    wanted = max(said, start + max(MIN_SHOWN_S, reading_s))
    if limit - wanted < CLOSED_S:
        wanted = limit
    return min(wanted, start + MAX_SHOWN_S)
