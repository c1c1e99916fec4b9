"""Samples, and the table that is made of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tools.peers.measures import Measure
from tools.peers.programs import SOTTO, Variant

NOTHING = "-"


@dataclass
class Row:
    """What was measured in one way. Owned by one thread."""

    measure: Measure
    samples: dict[Variant, list[float]] = field(default_factory=dict)

    def add(self, variant: Variant, values: Sequence[float]) -> None:
        """Add the samples of a round."""
        self.samples.setdefault(variant, []).extend(values)

    def best_peer(self) -> Variant | None:
        """Return the quickest or smallest of the others."""
        peers = [variant for variant in self.samples if variant.program != SOTTO]
        return min(peers, key=self.lowest, default=None)

    def lowest(self, variant: Variant) -> float:
        """Return the least of a variant's samples: others on the machine only add to it."""
        return min(self.samples[variant])

    def ratio(self, sotto: Variant) -> float | None:
        """Return Sotto's figure in parts of the best peer's; below one is better."""
        peer = self.best_peer()
        if peer is None or sotto not in self.samples:
            return None
        return self.lowest(sotto) / self.lowest(peer)


def markdown(rows: Sequence[Row], variants: Sequence[Variant]) -> str:
    """Return a table of minimum / median, and of Sotto's share of the best peer's minimum."""
    ours = [variant for variant in variants if variant.program == SOTTO]
    head = ["minimum / median", "unit", *(variant.name for variant in variants), "best peer"]
    head += [f"{variant.name} ÷ best peer" for variant in ours]
    lines = [head, ["---", "---", *["---:"] * len(variants), "---", *["---:"] * len(ours)]]
    lines += [_line(row, variants, ours) for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _line(row: Row, variants: Sequence[Variant], ours: Sequence[Variant]) -> list[str]:
    best = row.best_peer()
    cells = [cell(row.samples.get(variant, [])) for variant in variants]
    ratios = (row.ratio(variant) for variant in ours)
    shown = [NOTHING if ratio is None else f"{ratio:.2f}" for ratio in ratios]
    return [row.measure.label, row.measure.unit, *cells, best.name if best else NOTHING, *shown]


def cell(samples: Sequence[float]) -> str:
    """Return minimum and median to three digits."""
    if not samples:
        return NOTHING
    return f"{digits(min(samples))} / {digits(median(samples))}"


def digits(value: float) -> str:
    """Return a value to three digits."""
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{decimals}f}"


def to_json(rows: Sequence[Row], sotto: Sequence[Variant]) -> list[dict[str, Any]]:
    """Return the same and all samples, for other programs."""
    return [
        {
            "group": row.measure.group,
            "label": row.measure.label,
            "unit": row.measure.unit,
            "samples": {variant.name: values for variant, values in row.samples.items()},
            "minimum": {variant.name: row.lowest(variant) for variant in row.samples},
            "median": {variant.name: median(values) for variant, values in row.samples.items()},
            "best_peer": best.name if (best := row.best_peer()) else None,
            "ratio": {variant.name: row.ratio(variant) for variant in sotto},
        }
        for row in rows
    ]
