"""A picture of the table: the encoder by window, and the 5 s utterance."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tools.peers.programs import Variant
from tools.peers.table import Row

SETTINGS = ("default", "384 positions", "256 positions", "256, trained for it")


def save_plot(path: Path, results: Mapping[str, Sequence[Row]], title: str) -> None:
    """Draw two panels for each shape; the suffix of `path` says which format."""
    figure = Figure(figsize=(12, 4.2 * len(results)), layout="constrained")
    panels = figure.subplots(len(results), 2, squeeze=False)
    for (shape, rows), (left, right) in zip(results.items(), panels, strict=True):
        draw_encoder(left, shape, rows)
        draw_utterance(right, shape, rows)
    panels[0][0].legend(fontsize="small")
    figure.suptitle(title, fontsize="small")
    figure.savefig(path, dpi=150)


def draw_encoder(axes: Axes, shape: str, rows: Sequence[Row]) -> None:
    """Draw time over length of window, a line a program, both logarithmic."""
    chosen = [row for row in rows if row.measure.group == "encoder"]
    seconds = [row.measure.request.arguments["seconds"] for row in chosen]
    for variant in _variants(chosen):
        axes.plot(seconds, [_lowest(row, variant) for row in chosen], "o-", label=variant.name)
    axes.set(title=f"{shape}: encoder", xlabel="window, s", ylabel="ms", xscale="log", yscale="log")
    axes.set_xticks(seconds, [str(length) for length in seconds])
    axes.set_xticks([], minor=True)


def draw_utterance(axes: Axes, shape: str, rows: Sequence[Row]) -> None:
    """Draw a group of bars for each setting."""
    chosen = [row for row in rows if row.measure.group == "utterance"]
    variants = _variants(chosen)
    width = 0.8 / max(1, len(variants))
    for index, variant in enumerate(variants):
        middles = np.arange(len(chosen)) + (index - (len(variants) - 1) / 2) * width
        heights = [_lowest(row, variant) for row in chosen]
        bars = axes.bar(middles, heights, width, label=variant.name)
        axes.bar_label(bars, fmt="%.0f", fontsize=6)
    axes.set(title=f"{shape}: 5 s utterance, 15 tokens", ylabel="ms")
    axes.set_xticks(range(len(chosen)), SETTINGS[: len(chosen)])


def _variants(rows: Sequence[Row]) -> list[Variant]:
    return list(dict.fromkeys(variant for row in rows for variant in row.samples))


def _lowest(row: Row, variant: Variant) -> float:
    return row.lowest(variant) if variant in row.samples else float("nan")
