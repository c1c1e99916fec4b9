"""Judge a model by the sets of `evaluation_sets`, and by clips of people.

    python -m tools.starter.evaluate MODEL SETS [--quick] [--limit N] [--json FILE] [--human FOLDER]

MODEL is a folder that Sotto loads, SETS the folder of the sets. Prints Markdown: word errors and
the other measures with their goals, offline as `sotto transcribe` hears a file, and streaming as
a session hears it on simulated time; then each human clip. Runs in Sotto's own environment.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sotto.app.cli import flags
from sotto.app.cli.transcribe import BEST_OF
from sotto.app.core.events import Final
from sotto.app.core.transcription import transcribe_recording
from sotto.audio.sound_files import read_audio
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType, best_compute_type
from sotto.inference.decoding import TranscribeOptions
from sotto.inference.interfaces import Model
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser
from sotto.inference.whisper_model import WhisperModel
from tests.helpers.clips import CLIPS
from tools.simulated_session import listen
from tools.starter import evaluation_report as report
from tools.starter.evaluation_clips import LIST, Clip, read_set
from tools.starter.evaluation_report import HUMAN, NOTHING, Column, Heard

ORDER = (*report.GOALS, NOTHING)
BEAM_SIZE = flags.parse(["transcribe", "FILE"]).beam_size
OFFLINE_OPTIONS = TranscribeOptions(language="en", beam_size=BEAM_SIZE, best_of=BEST_OF)

Hear = Callable[[Clip], Heard]


def offline(model: Model) -> Hear:
    """Return what hears a clip as `sotto transcribe` does."""

    def hear(clip: Clip) -> Heard:
        result = transcribe_recording(model, read_audio(clip.path), OFFLINE_OPTIONS)
        times = tuple((segment.start, segment.end) for segment in result.segments if segment.text)
        return Heard(clip, result.text, times)

    return hear


def streaming(model: Model) -> Hear:
    """Return what hears a clip as a session does, on simulated time."""
    recogniser = WhisperRecogniser(model)

    def hear(clip: Clip) -> Heard:
        events = listen(read_audio(clip.path), recogniser).events
        finals = [event for event in events if isinstance(event, Final)]
        times = tuple((final.start, final.end) for final in finals)
        return Heard(clip, " ".join(final.text.strip() for final in finals), times)

    return hear


def columns(*, is_quick: bool) -> list[Column]:
    """Return the ways to run that this processor has; the fastest alone to be quick."""
    best = best_compute_type()
    if is_quick:
        return [Column(best, is_streaming=False)]
    compute_types = dict.fromkeys((best, ComputeType.FLOAT32))
    return [Column(c, is_streaming=s) for s in (False, True) for c in compute_types]


def evaluate(
    folder: Path, sets: dict[str, list[Clip]], wanted: list[Column]
) -> dict[Column, dict[str, list[Heard]]]:
    """Let the model in a folder hear all clips, in each of the ways wanted."""
    checkpoint = load_checkpoint(folder)
    models = {
        compute_type: WhisperModel.load(checkpoint, compute_type=compute_type)
        for compute_type in dict.fromkeys(column.compute_type for column in wanted)
    }
    heard = {}
    for column in wanted:
        hear = (streaming if column.is_streaming else offline)(models[column.compute_type])
        heard[column] = {name: _hear_set(column, name, sets[name], hear) for name in sets}
    return heard


def _hear_set(column: Column, name: str, clips: list[Clip], hear: Hear) -> list[Heard]:
    before = time.perf_counter()
    heard = [hear(clip) for clip in clips]
    took_s = time.perf_counter() - before
    print(f"{column.name:18} {name:20} {len(clips):4} clips {took_s:6.1f} s", file=sys.stderr)
    return heard


def read_sets(folder: Path, human: list[Path], limit: int | None) -> dict[str, list[Clip]]:
    """Read the sets that there are, and the clips of people, each once."""
    sets = {
        name: read_set(folder / name, limit) for name in ORDER if (folder / name / LIST).exists()
    }
    people = {clip.path.name: clip for clip in _clips_of(human)}
    return sets | {HUMAN: list(people.values())[:limit]}


def _clips_of(folders: list[Path]) -> Iterator[Clip]:
    for folder in folders:
        yield from read_set(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--human", type=Path, help="folder of more human clips, with clips.jsonl")
    parser.add_argument("--limit", type=int, help="the first LIMIT clips of a set only")
    parser.add_argument("--quick", action="store_true", help="the fastest way to run only")
    parser.add_argument("--json", type=Path, help="file for all that was measured and heard")
    arguments = parser.parse_args()
    human = [CLIPS / HUMAN, *([arguments.human] if arguments.human else [])]
    sets = read_sets(arguments.sets, human, arguments.limit)
    evaluation = evaluate(arguments.model, sets, columns(is_quick=arguments.quick))
    print(report.table(evaluation))
    first = next(iter(evaluation))
    print(f"\n{report.human_table(first, evaluation[first][HUMAN])}")
    if arguments.json:
        arguments.json.write_text(json.dumps(report.as_json(evaluation), indent=1) + "\n")


if __name__ == "__main__":
    main()
