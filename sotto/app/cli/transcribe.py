"""`sotto transcribe`: recordings to text files, with openai-whisper's flags."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from sotto.app.cli import terminal
from sotto.app.cli.processors import use_processors
from sotto.app.cli.program import USER_ERROR
from sotto.app.cli.transcribing.display import Display
from sotto.app.cli.transcribing.hearer import Hearer
from sotto.app.cli.transcribing.inputs import recordings_of
from sotto.app.cli.transcribing.output import Output
from sotto.app.cli.transcribing.transcribe_options import options_of
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
from sotto.inference.decoding import TranscribeOptions
from sotto.inference.interfaces import Model


def run(arguments: argparse.Namespace) -> int:
    """Transcribe each recording; what is wrong with one does not cost the others their turn."""
    use_processors(arguments.threads)
    output = Output(arguments)
    options = options_of(arguments)
    options = replace(options, word_timestamps=options.word_timestamps or output.shape.needs_words)
    recordings, n_nothing = recordings_of(arguments)
    if not recordings and arguments.watch is None:
        return USER_ERROR
    settings = _settings(arguments)
    path = choose(settings).path
    hearer = Hearer(_understood(options, settings), arguments)
    output.prepare(len(recordings) if arguments.watch is None else None)
    tally = _transcribe(recordings, arguments, output, hearer, partial(_load, path, settings))
    return USER_ERROR if n_nothing or tally.n_failed else 0


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {
        "model": arguments.model,
        "models_folder": arguments.model_dir,
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
    hearer: Hearer,
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
        with Display(
            None if is_watch else len(to_do), workload.left_s, is_shown=not arguments.no_prints
        ) as display:
            work = Work(hearer.by(cache(partial(load, display))), output, display, workload, tally)
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
