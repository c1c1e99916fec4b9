"""Films the real window while it writes down a person's voice: an animated WebP.

Usage: python -m tools.film docs/film.webp tests/clips/human/jfk.flac [--theme dark] [--strip 5]

Runs on an X server of its own, in real time, and needs Pillow (uv sync --group tools). The film
begins when the window listens and ends when the text is final. With --strip, so many pictures of
it stand in one below each other, each with the seconds since the first.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PySide6.QtGui import QImage

from sotto.app.core.settings import Settings, Theme
from tools.fixtures.x_server import x_server
from tools.studio import wait_for, window

FRAME_MS = 100
LAST_FRAME_MS = 2500  # the final text stands still before the film begins again
GAP = 12  # pixels between the pictures of a strip
LABEL, LABEL_SIZE, GREY = (20, 64), 16, "#808080"  # from its right and its top
STRIP_COLOURS = 128
LARGEST_BYTES = 2_000_000  # of a picture that a README may carry


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("film", type=Path)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--model", default=Settings().model)
    parser.add_argument("--theme", type=Theme, default=Theme.LIGHT)
    parser.add_argument("--size", default="760x420")
    parser.add_argument("--font-size", type=int, default=18)
    parser.add_argument("--language", default="", help="what is spoken; without it, detected")
    parser.add_argument("--strip", type=int, metavar="N", help="N pictures in one, as the end of")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, x_server() as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "SOTTO_CONFIG_DIR": folder}
        frames = _frames(arguments)
    if arguments.strip:
        _strip(arguments.film, frames, arguments.strip)
    else:
        _write(arguments.film, frames)
    print(f"{arguments.film}: {len(frames)} frames, {arguments.film.stat().st_size / 1e6:.2f} MB")


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the window showed, when, and how many letters of text were in it."""

    taken_s: float
    n_letters: int
    picture: QImage


def _frames(arguments: argparse.Namespace) -> list[_Frame]:
    # Qt reads the environment that main() set.
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from sotto.app.dictating.phases import Phase  # noqa: PLC0415

    settings = Settings(
        model=arguments.model,
        theme=arguments.theme,
        font_size=arguments.font_size,
        language=arguments.language,
    )
    frames: list[_Frame] = []
    with window(settings, [arguments.clip], arguments.size) as shown:
        shown.toggle()
        wait_for(lambda: shown.dictation.phase is Phase.LISTENING)

        def film() -> bool:
            picture = QApplication.primaryScreen().grabWindow(shown.winId()).toImage()
            n_letters = len(shown.dictation.transcript.everything)
            frames.append(_Frame(time.monotonic(), n_letters, picture))
            return shown.dictation.phase is Phase.IDLE

        wait_for(film, FRAME_MS)
    return frames


def _strip(path: Path, frames: Sequence[_Frame], count: int) -> None:
    """Write pictures below each other, from the first text to the last in equal times."""
    first_s = next(frame.taken_s for frame in frames if frame.n_letters)
    times = np.linspace(first_s, frames[-1].taken_s, count)
    chosen = [min(frames, key=lambda frame: abs(frame.taken_s - each)) for each in times]
    pictures = [_dated(frame, frames[0].taken_s) for frame in chosen]
    width, height = pictures[0].size
    strip = Image.new("RGB", (width, count * (height + GAP) - GAP), "white")
    for n, picture in enumerate(pictures):
        strip.paste(picture, (0, n * (height + GAP)))
    strip.quantize(STRIP_COLOURS).save(path, optimize=True)


def _dated(frame: _Frame, from_s: float) -> Image.Image:
    picture = _pillow(frame.picture)
    font = ImageFont.load_default(LABEL_SIZE)
    label = f"{frame.taken_s - from_s:.1f} s"
    ImageDraw.Draw(picture).text((picture.width - LABEL[0], LABEL[1]), label, GREY, font, "rt")
    return picture


def _write(path: Path, frames: Sequence[_Frame]) -> None:
    pictures = [_pillow(frame.picture) for frame in frames]
    durations = [round(1e3 * (b.taken_s - a.taken_s)) for a, b in pairwise(frames)]
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
