"""`sotto models`: list, fetch and remove models."""

import argparse

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from sotto.app.cli import terminal
from sotto.app.core.models import fetching, wording
from sotto.app.core.models.choice import best, speeds_of
from sotto.app.core.models.registry import InstalledModel, installed
from sotto.app.core.printable import printable
from sotto.app.core.settings import load
from sotto.app.core.spoken_languages import model_language
from sotto.errors import SottoError


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    match arguments.action:
        case "pull":
            _pull(arguments.name, arguments.source)
        case "remove":
            _remove(arguments.name)
        case _:
            _list()
    return 0


def _list() -> None:
    settings = load().settings
    found = installed(settings.models_folder)
    speeds = speeds_of(found, settings.compute_type)
    chosen = best(found, model_language(settings), settings.compute_type)
    width = max(len(model.name) for model in found)
    for model in found:
        mark = "*" if model is chosen else " "
        details = wording.details(model, speeds[model.name])
        terminal.write_line(f"{mark} {model.name:<{width}}  {details}")
    terminal.write_line("")
    terminal.write_line("* is used where none is chosen")
    terminal.write_line(f"To fetch with `sotto models pull NAME`: {_others(found)}")


def _others(found: tuple[InstalledModel, ...]) -> str:
    present = {model.name for model in found}
    return ", ".join(name for name in fetching.HUB_IDS if name not in present)


def _pull(name: str, source: str | None) -> None:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    try:
        console = Console(stderr=True)
        disable = not console.is_terminal
        with Progress(*columns, console=console, transient=True, disable=disable) as bar:
            task = bar.add_task(printable(name), total=None)
            fetching.pull(
                name,
                lambda file, done, total: bar.update(
                    task, description=printable(file), completed=done, total=total
                ),
                source=source,
            )
    except KeyboardInterrupt:
        terminal.tell("stopped; the same command goes on where it stopped")
        raise
    terminal.write_line(f"{name} is ready; try: sotto listen --model {name}")


def _remove(name: str) -> None:
    removed = fetching.remove(name)
    for what in removed.left:
        terminal.tell(what)
    freed = f"{removed.n_bytes / 1e6:.0f} MB are free again"
    if removed.left:
        raise SottoError(f"{name} is not all removed; {freed}; remove what is left by hand")
    terminal.write_line(f"{name} is removed; {freed}")
