"""`sotto models`: list, fetch and remove models."""

import argparse
import sys

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from sotto.app.core.models import registry as models


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    match arguments.action:
        case "pull":
            _pull(arguments.name)
        case "remove":
            _remove(arguments.name)
        case _:
            _list()
    return 0


def _list() -> None:
    installed = models.installed()
    width = max(len(model.name) for model in installed)
    lines = [
        f"{model.name:<{width}}  {model.n_bytes / 1e6:7.0f} MB  {_words(model)}"
        for model in installed
    ]
    present = {model.name for model in installed}
    others = ", ".join(name for name in models.HUB_IDS if name not in present)
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.write(f"\nTo fetch with `sotto models pull NAME`: {others}\n")


def _words(model: models.InstalledModel) -> str:
    languages = "many languages" if model.is_multilingual else "English"
    if not model.is_starter:
        return languages
    return f"{languages}; small, in the box, mishears people"


def _pull(name: str) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    try:
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(name, total=None)
            models.pull(
                name,
                lambda file, done, total: bar.update(
                    task, description=file, completed=done, total=total
                ),
            )
    except KeyboardInterrupt:
        sys.stderr.write("sotto: stopped; the same command goes on where it stopped\n")
        raise
    sys.stdout.write(f"{name} is ready; try: sotto listen --model {name}\n")


def _remove(name: str) -> None:
    freed = models.remove(name)
    sys.stdout.write(f"{name} is removed; {freed / 1e6:.0f} MB are free again\n")
