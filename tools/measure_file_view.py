"""Measure how a recording of three hours (27,000 words) opens, scrolls, plays and is corrected.

    python -m tools.measure_file_view [--steps 200] [--json]

Runs on an X server of its own. Opening is from the choice in the list until words and waveform are
painted; a frame is the time in which Qt paints what one step has changed. 16.7 ms are 60 frames a
second. On a machine that others use meanwhile, look at the time of the processor (CPU) as well.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tools.fixtures.long_recording import put_long_recording
from tools.fixtures.x_server import x_server
from tools.studio import wait_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from sotto.app.ui.files import FilesWindow

Figures = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=200, help="steps of each kind (default 200)")
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, x_server() as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "SOTTO_CONFIG_DIR": folder}
        figures = measure(Path(folder) / "recordings", arguments.steps)
    if arguments.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:44} {value:8.1f}")


def measure(folder: Path, n_steps: int) -> Figures:
    """Return all figures, in milliseconds."""
    # Qt reads the environment that main() set.
    from sotto.app.service.recordings.recording_queue import RecordingQueue  # noqa: PLC0415
    from sotto.app.ui.files import FilesWindow  # noqa: PLC0415
    from sotto.app.ui.widgets.application import application  # noqa: PLC0415
    from sotto.app.ui.widgets.theme import style  # noqa: PLC0415
    from sotto.app.ui.widgets.theme.colours import LIGHT  # noqa: PLC0415

    app = application(["sotto"])
    style.apply(LIGHT, app)
    put_long_recording(folder)
    queue = RecordingQueue(folder)
    window = FilesWindow(queue, LIGHT)
    window.set_font_size(14)
    window.show()

    def open_it() -> None:
        queue.start()
        wait_for(lambda: window.view.model.rowCount() > 0, every_ms=1)
        window.view.text.viewport().repaint()
        window.view.waveform.repaint()

    figures = {}
    figures["open [ms]"], figures["open, CPU of Qt's thread [ms]"] = _timed(open_it)
    for name, step in _steps(window).items():
        figures |= _frames(name, step, n_steps)
    figures |= _changing(window, app)
    window.close()
    ended: list[None] = []
    queue.close(lambda: ended.append(None))
    wait_for(lambda: bool(ended))
    return figures


def _steps(window: "FilesWindow") -> dict[str, Callable[[int], None]]:
    """Return what is done in each step, and paint what it has changed."""
    view = window.view
    bar, places = view.text.verticalScrollBar(), np.random.default_rng(0).uniform(0, 1, 10_000)

    def scroll(step: int) -> None:
        bar.setValue(40 * step)
        view.text.viewport().repaint()

    def jump(step: int) -> None:
        bar.setValue(round(bar.maximum() * places[step]))
        view.text.viewport().repaint()

    def play(step: int) -> None:
        view.waveform.show_place(0.4 * step, follows=True)
        view.text.reading.show_place(0.4 * step, is_playing=True)
        view.repaint()

    def zoom(step: int) -> None:
        (view.waveform.zoom_in if step % 20 < 10 else view.waveform.zoom_out)()
        view.waveform.repaint()

    return {"scroll": scroll, "jump": jump, "play": play, "zoom": zoom}


def _frames(name: str, step: Callable[[int], None], n_steps: int) -> Figures:
    both = np.array([_timed(partial(step, number)) for number in range(n_steps)])
    figures = {}
    for kind, times in zip(("", "CPU, "), both.T, strict=True):
        figures[f"{name}, a frame, {kind}median [ms]"] = float(np.median(times))
        figures[f"{name}, a frame, {kind}99th percentile [ms]"] = float(np.percentile(times, 99))
    return figures


def _timed(act: Callable[[], None]) -> tuple[float, float]:
    """Return how many milliseconds something took, and how many of the processor."""
    began, began_cpu = time.perf_counter(), time.thread_time()
    act()
    return 1000 * (time.perf_counter() - began), 1000 * (time.thread_time() - began_cpu)


def _changing(window: "FilesWindow", app: "QApplication") -> Figures:
    from sotto.app.ui.widgets.theme import style  # noqa: PLC0415
    from sotto.app.ui.widgets.theme.colours import DARK  # noqa: PLC0415

    model, text = window.view.model, window.view.text

    def correct() -> None:
        model.setData(model.index(1300), "another text altogether for this line")
        text.viewport().repaint()

    def narrow() -> None:
        text.resize(text.width() - 200, text.height())
        text._fit_width()
        text.viewport().repaint()

    def part() -> None:
        text.go_to((1310, 3))
        text.parting.split()
        text.viewport().repaint()

    def enlarge() -> None:
        window.set_font_size(18)
        text.viewport().repaint()

    def darken() -> None:
        style.apply(DARK, app)
        window.set_colours(DARK)
        window.repaint()

    figures = {}
    for name, act in (
        ("correct a line", correct),
        ("part a line", part),
        ("break all lines anew", narrow),
        ("another text size", enlarge),
        ("other colours", darken),
    ):
        figures[f"{name} [ms]"], figures[f"{name}, CPU [ms]"] = _timed(act)
    return figures


if __name__ == "__main__":
    main()
