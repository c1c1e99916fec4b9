"""A picture of the comparison: how late words are seen against how many are wrong."""

from collections.abc import Mapping
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tools.peers.streaming.judge import Judgement

SOTTO = "Sotto"
SEEN_S = "word spoken to seen, p50, s"
ERRORS = "word errors, %"
TICKS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
ABOVE, BELOW = 4, -11  # points: names in turn, so that neighbours' do not meet
LOW = 1.0  # %: no room below
LABELS = 0.6  # of the width, for the names right of the points


def save_plot(path: Path, results: Mapping[str, Mapping[str, Judgement]]) -> None:
    """Draw a panel for each model; the suffix of `path` says which format."""
    figure = Figure(figsize=(5.5 * len(results), 4), layout="constrained")
    panels = figure.subplots(1, len(results), squeeze=False)[0]
    for axes, (model, of_programs) in zip(panels, results.items(), strict=True):
        draw(axes, model, of_programs)
    figure.savefig(path, dpi=150)


def draw(axes: Axes, model: str, of_programs: Mapping[str, Judgement]) -> None:
    """Draw a point for each program: the nearer to the corner, the better."""
    for index, (name, judgement) in enumerate(of_programs.items()):
        figures = judgement.figures()
        point = figures[SEEN_S], figures[ERRORS]
        colour = "tab:red" if name == SOTTO else "tab:blue"
        axes.plot(*point, "o", color=colour)
        offset = BELOW if index % 2 and figures[ERRORS] > LOW else ABOVE
        axes.annotate(name, point, textcoords="offset points", xytext=(6, offset), fontsize=8)
    axes.set(title=model, xlabel="word spoken → seen, median, s", ylabel="word errors, %")
    axes.set_xscale("log")
    left, right = axes.get_xlim()
    axes.set_xticks(TICKS_S, [f"{seconds:g}" for seconds in TICKS_S])
    axes.set_xticks([], minor=True)
    axes.set_xlim(left, right * (right / left) ** LABELS)
    axes.set_ylim(bottom=0)
