"""Takes pictures of the window of recordings: the text of one, and the queue at work.

Usage: python -m tools.picture_recordings FOLDER [--theme dark] [--size 1080x720] [--model tiny.en]

Runs on an X server of its own (packages xvfb, openbox, x11-utils). Clips of LJ Speech, joined, are
transcribed by the real process; `text.png` has a word being heard, `queue.png` a second recording
being transcribed.
"""

import argparse
import os
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from sotto.app.core.settings import Theme
from tools.fixtures.clips import SAMPLE_RATE, human_clips
from tools.fixtures.official import FOLDER, official
from tools.fixtures.x_server import x_server
from tools.studio import wait_for

PAUSE_S = 0.5
FONT_SIZE = 14
PLACE = (4, 5)  # a line and a word of it, which is shown as being heard


def main() -> None:
    arguments = _parser().parse_args()
    official(arguments.model)
    with tempfile.TemporaryDirectory() as folder, x_server() as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "SOTTO_CONFIG_DIR": folder}
        os.environ |= {"SOTTO_MODELS_DIR": str(FOLDER), "SOTTO_MODEL": arguments.model}
        _take(arguments, Path(folder))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="tiny.en")
    parser.add_argument("--theme", type=Theme, default=Theme.LIGHT)
    parser.add_argument("--size", default="1080x720")
    return parser


def _take(arguments: argparse.Namespace, folder: Path) -> None:
    # Qt reads the environment that main() set.
    from sotto.app.service.recordings.recording_queue import RecordingQueue  # noqa: PLC0415
    from sotto.app.ui.files import FilesWindow  # noqa: PLC0415
    from sotto.app.ui.widgets.application import application  # noqa: PLC0415
    from sotto.app.ui.widgets.theme import style  # noqa: PLC0415

    app = application(["sotto"])
    colours = style.wanted_colours(arguments.theme, app)
    style.apply(colours, app)
    queue = RecordingQueue(folder / "recordings")
    window = FilesWindow(queue, colours)
    window.set_font_size(FONT_SIZE)
    window.resize(*map(int, arguments.size.split("x")))
    window.show()
    queue.start()
    _picture(window, arguments.folder / "empty.png")
    window.add([_joined(folder / "Printing, a short history.wav", 14)])
    wait_for(lambda: window.view.model.rowCount() > 0)
    window.add([folder / "Missing minutes.mp3"])
    wait_for(lambda: queue.rows[-1].is_over)
    window.add(
        [
            _joined(folder / "Interview with the printer.wav", 60),
            folder / "Board meeting, part 2.m4a",
        ]
    )
    window.list.choose(queue.rows[0].id)
    wait_for(lambda: queue.rows[2].share > 0)
    window.view.text.setFocus()
    _show_a_word(window)
    _picture(window, arguments.folder / "text.png")
    window.view.search.open()
    window.view.search.field.setText("the")
    wait_for(lambda: bool(window.view.text.marks.found))
    window.view.waveform.zoom_in()
    window.view.waveform.zoom_in()
    _picture(window, arguments.folder / "search.png")
    window.view.close_search()
    window.view.text.correct()
    _picture(window, arguments.folder / "correct.png")
    window.list.choose(queue.rows[2].id)
    _picture(window, arguments.folder / "queue.png")
    window.close()
    ended: list[None] = []
    queue.close(lambda: ended.append(None))
    wait_for(lambda: bool(ended))


def _show_a_word(window: object) -> None:
    from sotto.app.ui.files import FilesWindow  # noqa: PLC0415

    assert isinstance(window, FilesWindow)
    line, word = PLACE
    window.view.player.seek(window.view.model.document.lines[line].words[word].start + 0.05)
    window.view.text.go_to(PLACE)


def _picture(window: object, path: Path) -> None:
    from PySide6.QtWidgets import QApplication, QWidget  # noqa: PLC0415

    assert isinstance(window, QWidget)
    path.parent.mkdir(parents=True, exist_ok=True)
    ticks: list[None] = []
    wait_for(lambda: ticks.append(None) or len(ticks) > 10)  # type: ignore[func-returns-value]
    QApplication.primaryScreen().grabWindow(window.winId()).save(str(path))


def _joined(path: Path, n_clips: int) -> Path:
    clips = [clip for clip in human_clips() if "LJ" in clip.name]
    pause = np.zeros(int(PAUSE_S * SAMPLE_RATE), np.float32)
    chosen = (clips * (n_clips // len(clips) + 1))[:n_clips]
    parts = [part for clip in chosen for part in (clip.pcm(), pause)]
    soundfile.write(path, np.concatenate(parts), SAMPLE_RATE)
    return path


if __name__ == "__main__":
    main()
