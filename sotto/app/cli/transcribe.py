"""`sotto transcribe`: recordings to text files, with openai-whisper's flags."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from sotto.app.cli import terminal
from sotto.app.cli.processors import use_processors
from sotto.app.cli.program import USER_ERROR
from sotto.app.cli.transcribing.display import Display
from sotto.app.cli.transcribing.hearing import Hearing
from sotto.app.cli.transcribing.inputs import recordings_of
from sotto.app.cli.transcribing.output import Output
from sotto.app.cli.transcribing.watching import watch
from sotto.app.cli.transcribing.work import Work
from sotto.app.core.models.choice import choose, misunderstanding
from sotto.app.core.models.loader import load_model
from sotto.app.core.recordings.done import done
from sotto.app.core.recordings.given import Recording
from sotto.app.core.recordings.names import bases
from sotto.app.core.recordings.tally import Tally
from sotto.app.core.recordings.workload import Workload
from sotto.app.core.settings import Settings, load
from sotto.app.core.spoken_languages import ENGLISH
from sotto.errors import UsageError
from sotto.inference.decoding import TranscribeOptions
from sotto.inference.decoding.options import MAX_BEAM_SIZE
from sotto.inference.interfaces import Model
from sotto.inference.languages import to_spoken_language

TEMPERATURE_STEP = 0.2  # openai-whisper's `temperature_increment_on_fallback`
BEST_OF = 5  # and its samples at temperatures above 0


def run(arguments: argparse.Namespace) -> int:
    """Transcribe each recording; what is wrong with one does not cost the others their turn."""
    _use_machine(arguments)
    output = Output(arguments)
    options = _options(arguments)
    options = replace(options, word_timestamps=options.word_timestamps or output.shape.needs_words)
    recordings, n_nothing = recordings_of(arguments)
    if not recordings and arguments.watch is None:
        return USER_ERROR
    settings = _settings(arguments)
    path = choose(settings).path
    hearing = Hearing(_understood(options, settings), arguments)
    output.prepare(len(recordings) if arguments.watch is None else None)
    tally = _transcribe(recordings, arguments, output, hearing, partial(_load, path, settings))
    return USER_ERROR if n_nothing or tally.n_failed else 0


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


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {
        "model": arguments.model,
        "compute_type": arguments.compute_type,
        "language": arguments.language,
        "task": arguments.task,
    }
    return load({name: value for name, value in given.items() if value is not None}).settings


def _understood(options: TranscribeOptions, settings: Settings) -> TranscribeOptions:
    """Return what the model can do of it: one for English alone hears English, and is told so."""
    asked = replace(settings, language=options.language or "", languages=())
    words = misunderstanding(asked)
    if not words:
        return options
    terminal.tell(words)
    return replace(options, language=ENGLISH, task="transcribe")


def _transcribe(
    recordings: list[Recording],
    arguments: argparse.Namespace,
    output: Output,
    hearing: Hearing,
    load: Callable[[Display], Model],
) -> Tally:
    """Transcribe all that have no texts yet, then what comes into a folder; tell how it went."""
    finished = set()
    if arguments.skip_existing:
        finished = done(recordings, output.folder, output.formats)
    named = zip(recordings, bases(recordings, output.folder), strict=True)
    to_do = [(recording, base) for recording, base in named if recording not in finished]
    tally = Tally(n_skipped=len(finished), n_left=len(to_do))
    workload = Workload(recording.path for recording, _ in to_do)
    is_watch = arguments.watch is not None
    try:
        with Display(None if is_watch else len(to_do), workload.left_s) as display:
            work = Work(hearing.by(cache(partial(load, display))), output, display, workload, tally)
            for recording, base in to_do:
                work.do(recording, base)
            if is_watch:
                watch(arguments.watch, work, output, recursive=arguments.recursive)
    except KeyboardInterrupt:
        if not is_watch:  # which has no other end
            raise
    finally:
        if tally.n_all > 1 or is_watch:
            terminal.tell(tally.summary())
    return tally


def _load(path: Path, settings: Settings, display: Display) -> Model:
    with display.loading() as report:
        return load_model(path, report, settings.compute_type)
