"""Draw the training curve.

python -m tools.starter.curve RUN/curve.csv PICTURE.svg
"""

import argparse
import csv
from itertools import accumulate
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

from tools.starter.config import Stage, read_config

SMOOTHED = 9  # points of the curve that are averaged: 225 steps
LIMITS = (0.02, 40)  # of the losses that are drawn; room for the legend
LOSSES = {
    2: ("text, nats a token", "tab:blue"),
    3: ("CTC, nats a character", "tab:orange"),
    4: ("attention outside the word, nats", "tab:green"),
    5: ("text without sound, nats a token", "tab:red"),
}


def read_curve(path: Path) -> NDArray[np.float64]:
    """Return rows of step, learning rate and the losses of text, CTC, guide and language.

    A run that was stopped repeats the steps behind its last checkpoint; the later ones count. The
    first rows of an old run lack the loss of language: NaN.
    """
    with path.open(newline="") as file:
        rows = {int(row[0]): [float(number) for number in row[:-1]] for row in csv.reader(file)}
    width = 2 + len(LOSSES)
    return np.array([[*rows[s], *[np.nan] * (width - len(rows[s]))] for s in sorted(rows)])


def draw(curve: NDArray[np.float64], stages: tuple[Stage, ...], picture: Path) -> None:
    """Draw the losses over the steps, with a line where a stage begins."""
    plt.rcParams["svg.fonttype"] = "none"
    figure, axes = plt.subplots(figsize=(9, 4.5), layout="constrained")
    for column, (label, colour) in LOSSES.items():
        axes.plot(curve[:, 0], curve[:, column], color=colour, alpha=0.25, linewidth=0.8)
        axes.plot(curve[:, 0], _smoothed(curve[:, column]), color=colour, label=label)
    axes.set(xlabel="steps", ylabel="loss", yscale="log", ylim=LIMITS, xlim=(0, curve[-1, 0]))
    for stage, end in zip(stages, accumulate(stage.steps for stage in stages), strict=True):
        begin = end - stage.steps
        if begin < curve[-1, 0]:
            axes.axvline(begin, color="0.7", linewidth=0.8)
            name = f" {stage.name}"
            axes.text(begin, LIMITS[0], name, va="bottom", rotation=90, fontsize="small")
    axes.legend(loc="upper right", ncols=2, frameon=False)
    figure.savefig(picture)


def _smoothed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(values, SMOOTHED // 2, mode="edge")
    return np.convolve(padded, np.full(SMOOTHED, 1 / SMOOTHED), mode="valid")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("curve", type=Path)
    parser.add_argument("picture", type=Path)
    arguments = parser.parse_args()
    draw(read_curve(arguments.curve), read_config().stages, arguments.picture)


if __name__ == "__main__":
    main()
