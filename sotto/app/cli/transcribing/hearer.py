"""From a file to what is said in it."""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sotto.app.cli import terminal
from sotto.app.cli.transcribing.transcribe_options import hearing_of
from sotto.app.cli.transcribing.work import Hear, Heard
from sotto.app.core.sides import SIDES, conversation, read_sides
from sotto.app.core.transcription import transcribe_recording
from sotto.audio.files.reading import Recording, read_recording
from sotto.audio.files.selection import Selection
from sotto.audio.input.source import SAMPLE_RATE
from sotto.inference.decoding import TranscribeOptions
from sotto.inference.decoding.transcribe import Progress
from sotto.inference.interfaces import Model


class Hearer:
    """Reads what was asked for of a file, and has it recognised."""

    def __init__(self, options: TranscribeOptions, arguments: argparse.Namespace) -> None:
        self._options = options
        self._arguments = arguments

    def by(self, model: Callable[[], Model]) -> Hear:
        """Let a model hear, which is loaded when there is something to hear."""
        return partial(self._hear, model)

    def _hear(
        self, model: Callable[[], Model], path: Path, name: str, on_progress: Progress
    ) -> Heard:
        recordings = self._recordings(path, name)
        recogniser = model()
        heard = [
            transcribe_recording(
                recogniser,
                recording.pcm,
                self._options,
                on_progress,
                only_speech=self._arguments.vad,
                hearing=hearing_of(self._arguments),
            )
            for recording in recordings
        ]
        transcription = conversation(*heard) if len(heard) == len(SIDES) else heard[0]
        first = recordings[0]
        return Heard(transcription, len(first.pcm) / SAMPLE_RATE, first.missing)

    def _recordings(self, path: Path, name: str) -> list[Recording]:
        """Read the sound that is asked for, or both sides if there are two."""
        track, channels = self._arguments.track, self._arguments.channels
        if channels != "separate":
            return [read_recording(path, Selection(track, channels), name)]
        recordings = read_sides(path, track, name)
        if len(recordings) < len(SIDES):
            terminal.tell(f"both sides of “{name}” are the same sound; it is heard once")
        return [*recordings]
