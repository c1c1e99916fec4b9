"""What is written, and where."""

import argparse
import sys
from pathlib import Path

from sotto.app.cli import terminal
from sotto.app.cli.flags.recordings import BROADCAST, STREAM
from sotto.app.core.transcription_files import (
    Shape,
    content,
    lines,
    lines_with_times,
    make_folder,
    write,
)
from sotto.errors import UsageError
from sotto.inference.decoding import Transcription

_LINES = ("txt", "json")  # of which one may follow another in a stream


class Output:
    """Writes texts as they were asked for.

    Attributes:
        formats: Which files there are of each text.
        shape: How subtitles are cut.
        folder: Where files go; None is beside the recordings.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.formats: tuple[str, ...] = arguments.output_format
        self.shape = shape_of(arguments)
        self.folder: Path | None = None if arguments.beside else arguments.output_dir
        self._is_stream = arguments.output_dir == STREAM
        self._is_shown: bool = arguments.verbose
        self._lines = lines if arguments.no_timestamps else lines_with_times

    def prepare(self, n_recordings: int | None) -> None:
        """See that there is a place for texts before any work is done; None is any number of them.

        Raises:
            OutputError: nothing can be written there.
            UsageError: several texts are to go where one can.
        """
        if not self._is_stream:
            if self.folder is not None:
                make_folder(self.folder)
            return
        terminal.require_output()
        if n_recordings != 1 and self.formats[0] not in _LINES:
            raise UsageError(
                f"the standard output takes {self.formats[0]} of one recording only; give one, or "
                "an --output-dir"
            )

    def show(self, transcription: Transcription) -> None:
        """Write the text to the standard output, as it was asked for, or as lines.

        Raises:
            OSError: nobody reads the text that was asked for there.
        """
        if self._is_stream:
            self._send(transcription)
            return
        if not self._is_shown:
            return
        try:
            sys.stdout.write(self._lines(transcription))
            sys.stdout.flush()
        except OSError:  # which is told in the end; files are what was asked for
            terminal.give_up_output()

    def _send(self, transcription: Transcription) -> None:
        data = content(transcription, self.formats[0], self.shape)
        newline = b"\n" if self.formats[0] == "json" else b""
        sys.stdout.buffer.write(data + newline)
        sys.stdout.flush()

    def save(self, transcription: Transcription, base: Path) -> None:
        """Write the files of a text, if there are to be any.

        Raises:
            OutputError: one or more cannot be written; all others are.
        """
        if self._is_stream:
            return
        if not base.parent.is_dir():
            make_folder(base.parent)
        write(transcription, base, self.formats, self.shape)


def shape_of(arguments: argparse.Namespace) -> Shape:
    """Return how subtitles are cut; says what has no effect."""
    if (
        arguments.subtitles != BROADCAST
        and arguments.max_line_count
        and not arguments.max_line_width
    ):
        terminal.tell("--max-line-count has no effect without --max-line-width")
    return Shape(
        max_line_width=arguments.max_line_width,
        max_line_count=arguments.max_line_count,
        max_words_per_line=arguments.max_words_per_line,
        highlight_words=arguments.highlight_words,
        broadcast=arguments.subtitles == BROADCAST,
    )
