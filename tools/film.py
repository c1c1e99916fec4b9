"""Films the real window while it writes down a person's voice: an animated WebP.

Usage: python -m tools.film docs/film.webp tests/clips/human/jfk.flac [--theme dark]

Runs on an X server of its own, in real time, and needs Pillow (uv sync --group tools). The film
begins when the window listens and ends when the text is final.
"""

import argparse
import os
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from PIL import Image
from PySide6.QtGui import QImage

from sotto.app.core.settings import Settings, Theme
from tools.fixtures.x_server import x_server
from tools.studio import wait_for, window

FRAME_MS = 100
LAST_FRAME_MS = 2500  # the final text stands still before the film begins again
LARGEST_BYTES = 2_000_000  # of a picture that a README may carry


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("film", type=Path)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--model", default=Settings().model)
    parser.add_argument("--theme", type=Theme, default=Theme.LIGHT)
    parser.add_argument("--size", default="760x420")
    parser.add_argument("--font-size", type=int, default=18)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, x_server() as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "SOTTO_CONFIG_DIR": folder}
        frames = _frames(arguments)
    _write(arguments.film, frames)
    print(f"{arguments.film}: {len(frames)} frames, {arguments.film.stat().st_size / 1e6:.2f} MB")


def _frames(arguments: argparse.Namespace) -> list[tuple[float, QImage]]:
    """Return what the window showed, each picture with the seconds at which it was taken."""
    # Qt reads the environment that main() set.
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from sotto.app.service.dictation import Phase  # noqa: PLC0415

    settings = Settings(model=arguments.model, theme=arguments.theme, font_size=arguments.font_size)
    frames: list[tuple[float, QImage]] = []
    with window(settings, [arguments.clip], arguments.size) as shown:
        shown.toggle()
        wait_for(lambda: shown.dictation.phase is Phase.LISTENING)

        def film() -> bool:
            picture = QApplication.primaryScreen().grabWindow(shown.winId()).toImage()
            frames.append((time.monotonic(), picture))
            return shown.dictation.phase is Phase.IDLE

        wait_for(film, FRAME_MS)
    return frames


def _write(path: Path, frames: list[tuple[float, QImage]]) -> None:
    pictures = [_pillow(picture) for _, picture in frames]
    times = [taken_s for taken_s, _ in frames]
    durations = [round(1e3 * (b - a)) for a, b in pairwise(times)]
    pictures[0].save(
        path,
        save_all=True,
        append_images=pictures[1:],
        duration=[*durations, LAST_FRAME_MS],
        loop=0,
        lossless=True,  # text on plain grounds: small, and without shadows of what was there
        quality=100,
        method=4,
        minimize_size=True,
    )
    if path.stat().st_size > LARGEST_BYTES:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes; give a smaller --size")


def _pillow(picture: QImage) -> Image.Image:
    rgb = picture.convertToFormat(QImage.Format.Format_RGB888)
    return Image.frombuffer(
        "RGB", (rgb.width(), rgb.height()), bytes(rgb.constBits()), "raw", "RGB", rgb.bytesPerLine()
    )


if __name__ == "__main__":
    main()
