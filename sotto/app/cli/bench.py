"""`sotto bench`: how fast a model is on this machine."""

import argparse
import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from sotto.app.cli.processors import use_processors
from sotto.app.cli.views.plain_lines import tell_preparing
from sotto.app.core.events import Preparing
from sotto.app.core.models.choice import Chosen, choose
from sotto.app.core.models.loader import load_model
from sotto.app.core.private_file import write_private
from sotto.app.core.settings import Settings, load
from sotto.errors import SottoError, UsageError

if TYPE_CHECKING:
    from sotto.app.core.bench.report import Report

PICTURES = {".svg": "to_svg", ".png": "to_png"}


def run(arguments: argparse.Namespace) -> int:
    """Measure, then show the figures as a table or as JSON, and draw them if asked to."""
    draw = _picture(arguments.plot)
    given = {"model": arguments.model, "compute_type": arguments.compute_type}
    settings = load({name: value for name, value in given.items() if value is not None}).settings
    chosen = choose(settings)
    use_processors(arguments.threads)
    report = _measure(chosen, settings)
    _show(report, as_json=arguments.json)
    if arguments.plot is not None:
        write_private(arguments.plot, draw(report))
    return 0


def _picture(path: Path | None) -> "Callable[[Report], bytes]":
    """Return what draws the picture, before any time is spent on measuring."""
    if path is None:
        return lambda _: b""
    if path.suffix.lower() not in PICTURES:
        raise UsageError(f"--plot draws .svg and .png; {path.name!r} is neither")
    try:
        module = importlib.import_module("sotto.app.ui.widgets.latency_plot")
    except ImportError as error:
        raise SottoError(
            f"nothing can be drawn ({error}); install PySide6, or leave --plot out"
        ) from error
    draw: Callable[[Report], bytes] = getattr(module, PICTURES[path.suffix.lower()])
    return draw


def _measure(chosen: Chosen, settings: Settings) -> "Report":
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    disable = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=disable) as bar:
        task = bar.add_task("loading the model", total=None)
        said: set[str] = set()

        def loading(what: str, elapsed_s: float, expected_s: float) -> None:
            if disable or expected_s <= 0:
                tell_preparing(Preparing(what, elapsed_s, expected_s), said)
            bar.update(task, description=what, completed=elapsed_s, total=expected_s)

        def measuring(what: str, done: int, total: int) -> None:
            bar.update(task, description=f"measuring: {what}", completed=done, total=total)

        model = load_model(chosen.path, loading, settings.compute_type)
        from sotto.app.core.bench import report, timing  # noqa: PLC0415 (they import MAX)

        return report.measure_all(
            model, chosen.name, settings.compute_type, timing.THOROUGH, measuring
        )


def _show(report: "Report", *, as_json: bool) -> None:
    if as_json:
        from sotto.app.core.bench.report import as_dict  # noqa: PLC0415 (it imports MAX)

        sys.stdout.write(json.dumps(as_dict(report), indent=2) + "\n")
        return
    from sotto.app.cli.views.bench_table import tables  # noqa: PLC0415 (it imports MAX)

    Console(highlight=False).print(tables(report))
