"""`sotto transcribe`: recordings to text files, with openai-whisper's flags."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from sotto.app.cli import terminal
from sotto.app.cli.processors import use_processors
from sotto.app.cli.program import USER_ERROR
from sotto.app.cli.views.plain_lines import tell_preparing
from sotto.app.core.events import Preparing
from sotto.app.core.models.choice import choose, misunderstanding
from sotto.app.core.models.loader import load_model
from sotto.app.core.printable import printable
from sotto.app.core.settings import Settings, load
from sotto.app.core.sides import SIDES, are_alike, conversation
from sotto.app.core.spoken_languages import ENGLISH
from sotto.app.core.transcription import transcribe_recording
from sotto.app.core.transcription_files import lines_with_times, make_folder, write
from sotto.audio.files.reading import Recording, damage, read_recording
from sotto.audio.files.selection import Selection
from sotto.errors import AudioFileError, OutputError, SottoError, UsageError
from sotto.inference.decoding import TranscribeOptions
from sotto.inference.decoding.options import MAX_BEAM_SIZE
from sotto.inference.interfaces import Model
from sotto.inference.languages import to_spoken_language

TEMPERATURE_STEP = 0.2  # openai-whisper's `temperature_increment_on_fallback`
BEST_OF = 5  # and its samples at temperatures above 0


def run(arguments: argparse.Namespace) -> int:
    """Transcribe each file; one that is not audio does not keep the others from their turn."""
    _use_machine(arguments)
    options = _options(arguments)
    given = {
        "model": arguments.model,
        "compute_type": arguments.compute_type,
        "language": arguments.language,
        "task": arguments.task,
    }
    settings = load({name: value for name, value in given.items() if value is not None}).settings
    path = choose(settings).path
    options = _understood(options, settings)
    make_folder(arguments.output_dir)
    with _progress() as progress:
        model = cache(partial(_load, path, settings, progress))
        done = [_transcribe(path, model, options, arguments, progress) for path in arguments.audio]
    return 0 if all(done) else USER_ERROR


def _use_machine(arguments: argparse.Namespace) -> None:
    """Check what is to compute, and keep to as many processors as were asked for."""
    if arguments.device != "cpu":
        raise UsageError(f"--device {arguments.device} is not there yet; use --device cpu")
    use_processors(arguments.threads)


def _options(arguments: argparse.Namespace) -> TranscribeOptions:
    if not 1 <= arguments.beam_size <= MAX_BEAM_SIZE:
        raise UsageError(f"--beam-size must be between 1 and {MAX_BEAM_SIZE}")
    if not 0 <= arguments.temperature <= 1:
        raise UsageError("--temperature must be between 0 and 1")
    temperatures = np.arange(arguments.temperature, 1.0 + 1e-6, TEMPERATURE_STEP).round(6)
    return TranscribeOptions(
        task=arguments.task,
        language=to_spoken_language(arguments.language or "") or None,
        beam_size=arguments.beam_size,
        best_of=BEST_OF,
        temperatures=tuple(temperatures.tolist()),
        initial_prompt=arguments.initial_prompt,
        word_timestamps=arguments.word_timestamps,
    )


def _understood(options: TranscribeOptions, settings: Settings) -> TranscribeOptions:
    """Return what the model can do of it: one for English alone hears English, and is told so."""
    asked = replace(settings, language=options.language or "", languages=())
    words = misunderstanding(asked)
    if not words:
        return options
    terminal.tell(words)
    return replace(options, language=ENGLISH, task="transcribe")


def _progress() -> Progress:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _load(path: Path, settings: Settings, progress: Progress) -> Model:
    task = progress.add_task("loading the model", total=None)

    said: set[str] = set()

    def report(what: str, elapsed_s: float, expected_s: float) -> None:
        if progress.disable or expected_s <= 0:
            tell_preparing(Preparing(what, elapsed_s, expected_s), said)
        progress.update(task, description=what, completed=elapsed_s, total=expected_s)

    try:
        return load_model(path, report, settings.compute_type)
    finally:
        progress.remove_task(task)


def _transcribe(
    path: Path,
    model: Callable[[], Model],
    options: TranscribeOptions,
    arguments: argparse.Namespace,
    progress: Progress,
) -> bool:
    try:
        recordings = _recordings(path, arguments)
    except AudioFileError as error:
        return _complain(error)
    recogniser = model()
    task = progress.add_task(printable(path.name), total=None)
    heard = [
        transcribe_recording(
            recogniser,
            recording.pcm,
            options,
            lambda done_s, total_s: progress.update(task, completed=done_s, total=total_s),
            only_speech=arguments.vad,
        )
        for recording in recordings
    ]
    progress.remove_task(task)
    transcription = conversation(*heard) if len(heard) == len(SIDES) else heard[0]
    sys.stdout.write(lines_with_times(transcription))
    sys.stdout.flush()
    missing = recordings[0].missing
    is_whole = not missing or _complain(damage(path, missing))
    try:
        write(transcription, path, arguments.output_dir, arguments.output_format)
    except OutputError as error:
        return _complain(error)
    return is_whole


def _recordings(path: Path, arguments: argparse.Namespace) -> list[Recording]:
    """Read the sound that is asked for, or both sides if there are two."""
    if arguments.channels != "separate":
        return [read_recording(path, Selection(arguments.track, arguments.channels))]
    left, right = (
        read_recording(path, Selection(arguments.track, side)) for side in ("left", "right")
    )
    if not are_alike(left.pcm, right.pcm):
        return [left, right]
    terminal.tell(f"both sides of “{path}” are the same sound; it is heard once")
    return [left]


def _complain(about: SottoError | str) -> bool:
    """Say what went wrong with a file; return that it did, while the others have their turn."""
    terminal.tell(str(about))
    return False
