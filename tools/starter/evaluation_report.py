"""What a model heard, measured, and the table of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sotto.inference.compute_type import ComputeType
from tools.starter.evaluation_clips import Clip, Span
from tools.streaming_measures import normalised
from tools.word_error import WordErrors, word_errors

NOTHING = "nothing"
HUMAN = "human"
GOALS = {  # of word error, in per cent
    "held-out-sentences": "≤ 3 %",
    "held-out-voices": "≤ 10 %",
    "room-and-noise": "≤ 12 %",
    "dictation": "≤ 3 %",
    "everyday": "≤ 3 %",
    "paragraphs": "≤ 3 %",
    "readers": "report",
}
NOTHING_GOAL, TIMES_GOAL, STREAMING_GOAL = "0", "≤ 0.10 s", "≤ +1.0"
UNMEASURED = "-"


@dataclass(frozen=True, slots=True)
class Column:
    """A way in which Sotto runs the model."""

    compute_type: ComputeType
    is_streaming: bool

    @property
    def name(self) -> str:
        return f"{self.compute_type} {'streaming' if self.is_streaming else 'offline'}"

    @property
    def offline(self) -> "Column":
        """The same precision, offline."""
        return Column(self.compute_type, is_streaming=False)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was made of a clip; `segments` are where its pieces of text begin and end."""

    clip: Clip
    text: str
    segments: tuple[Span, ...] = ()

    @property
    def errors(self) -> WordErrors:
        return word_errors([(self.clip.text, self.text)])


SetsHeard = Mapping[str, Sequence[Heard]]  # by set
Evaluation = Mapping[Column, SetsHeard]


def rate_of(heard: Iterable[Heard]) -> float:
    """Return the word error of clips, in per cent."""
    return 100 * word_errors((one.clip.text, one.text) for one in heard).rate


def words_in_ten_minutes(heard: Sequence[Heard]) -> float:
    """Return how many words were heard where nobody speaks."""
    n_words = sum(len(normalised(one.text)) for one in heard)
    return n_words * 600 / sum(one.clip.duration_s for one in heard)


def boundary_errors_s(truth: Sequence[Span], heard: Sequence[Span]) -> list[float]:
    """Return how far from each true start (end) the nearest start (end) that was heard is.

    A sentence that is heard in two pieces costs nothing, two sentences heard as one do.
    """
    if not heard:
        return []
    return [
        min(abs(theirs[side] - ours[side]) for ours in heard) for theirs in truth for side in (0, 1)
    ]


def median_boundary_error_s(heard: Iterable[Heard]) -> float | None:
    """Return the median over all segments of clips; None where no times are known."""
    errors = [e for one in heard for e in boundary_errors_s(one.clip.segments, one.segments)]
    return median(errors) if errors else None


def streaming_cost(evaluation: Evaluation, column: Column) -> float | None:
    """Return by how many points streaming has a higher word error over all clips of speech."""
    if not column.is_streaming or column.offline not in evaluation:
        return None
    rates = [rate_of(_speech(evaluation[c])) for c in (column, column.offline)]
    return rates[0] - rates[1]


def _speech(sets: SetsHeard) -> list[Heard]:
    """Return the clips of all sets that have a goal of word error."""
    return [one for name, heard in sets.items() if name in GOALS for one in heard]


def table(evaluation: Evaluation) -> str:
    """Return Markdown: a row a measure, a column a way to run."""
    columns = list(evaluation)
    sets = next(iter(evaluation.values()))
    rows = [["word error on", "goal", *(column.name for column in columns)]]
    rows.append([":--", "--:", *("--:" for _ in columns)])
    rows += [_word_error_row(evaluation, name) for name in sets if name != NOTHING]
    if NOTHING in sets:
        words = [f"{words_in_ten_minutes(evaluation[c][NOTHING]):.0f}" for c in columns]
        rows.append(["words in 10 minutes of nothing", NOTHING_GOAL, *words])
    times = [_shown(median_boundary_error_s(_timed(evaluation, c)), "{:.2f} s") for c in columns]
    rows.append(["segment timestamps, median error", TIMES_GOAL, *times])
    costs = [_shown(streaming_cost(evaluation, c), "{:+.1f}") for c in columns]
    rows.append(["streaming minus offline, points", STREAMING_GOAL, *costs])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _timed(evaluation: Evaluation, column: Column) -> list[Heard]:
    """Return the clips whose segments the model has timed itself: offline ones."""
    return [] if column.is_streaming else _speech(evaluation[column])


def _word_error_row(evaluation: Evaluation, name: str) -> list[str]:
    cells = [_word_error_cell(evaluation, column, name) for column in evaluation]
    return [f"{name} ({_n_words(evaluation, name)} words)", GOALS.get(name, "report"), *cells]


def _n_words(evaluation: Evaluation, name: str) -> int:
    heard = next(iter(evaluation.values()))[name]
    return word_errors((one.clip.text, "") for one in heard).n_words


def _word_error_cell(evaluation: Evaluation, column: Column, name: str) -> str:
    """Return a rate, in streaming with the points over offline."""
    rate = rate_of(evaluation[column][name])
    if not column.is_streaming or column.offline not in evaluation:
        return f"{rate:.1f} %"
    return f"{rate:.1f} % ({rate - rate_of(evaluation[column.offline][name]):+.1f})"


def _shown(value: float | None, form: str) -> str:
    return UNMEASURED if value is None else form.format(value)


def human_table(column: Column, heard: Iterable[Heard]) -> str:
    """Return Markdown: what was heard of each clip, and its word error."""
    rows = [["clip", "word error", f"heard ({column.name})"], [":--", "--:", ":--"]]
    rows += [
        [one.clip.path.stem, f"{100 * one.errors.rate:.0f} %", one.text.strip()] for one in heard
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return all measures by column, and what was said and heard."""
    return {column.name: _column_json(evaluation, column) for column in evaluation}


def _column_json(evaluation: Evaluation, column: Column) -> dict[str, Any]:
    sets = evaluation[column]
    return {
        "word_error_percent": {name: rate_of(sets[name]) for name in sets if name != NOTHING},
        "words_in_ten_minutes": words_in_ten_minutes(sets[NOTHING]) if NOTHING in sets else None,
        "median_boundary_error_s": median_boundary_error_s(_timed(evaluation, column)),
        "streaming_cost_points": streaming_cost(evaluation, column),
        "heard": {name: [_heard_json(one) for one in heard] for name, heard in sets.items()},
    }


def _heard_json(heard: Heard) -> dict[str, Any]:
    return {
        "file": heard.clip.path.name,
        "said": heard.clip.text,
        "heard": heard.text.strip(),
        "errors": heard.errors.n_errors,
        "segments": heard.segments,
    }
