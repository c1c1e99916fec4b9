r"""Judge models by what people say: errors of Sotto's ways to compute, and of other programs.

    python -m tools.judge_words FOLDER … [--models tiny.en base] \
        [--python faster-whisper=ENV/bin/python] [--only "sotto int8" "sotto int8, streaming" …]

Each FOLDER holds clips.jsonl (file, text and perhaps language a line) or a part of LibriSpeech.
Every recording is a file of its own, transcribed as each program's command does without flags but
the language's; "streaming" is a session of Sotto on simulated time. English is judged by words,
other languages, which English models are not asked for, by characters.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from tools.compare_peers import program_and_python
from tools.fixtures.official import Official
from tools.peers.official_models import files_for, load_official
from tools.peers.process import WorkerError
from tools.peers.programs import PACKAGES, TRANSCRIBERS, Installed, Variant, find_installed
from tools.peers.speech import ENGLISH, Recording, read_folder
from tools.peers.transcriber import transcriber
from tools.word_error import CharacterErrors, WordErrors, character_errors, word_errors

MODELS = get_args(Official)
NAMES = [variant.name for variant in TRANSCRIBERS]

Sounds = Mapping[Recording, Path]
"""Recordings, and the `.npy` file of each."""
Heard = Mapping[Recording, str]
"""What was made of each recording."""


@dataclass(frozen=True, slots=True)
class Column:
    """A model in a program."""

    model: Official
    variant: Variant

    @property
    def name(self) -> str:
        return f"{self.model}: {self.variant.name}"


def main() -> None:
    arguments = parse_arguments()
    recordings = [r for folder in arguments.folders for r in read_folder(folder, arguments.count)]
    installed = find_installed(dict(arguments.python))
    heard: dict[Column, Heard] = {}
    with tempfile.TemporaryDirectory() as folder:
        sounds = write_sounds(recordings, Path(folder))
        for model in arguments.models:
            files = files_for(load_official(model, Path(folder) / model), installed)
            for variant, path in files.items():
                if variant.name in arguments.only:
                    column = Column(model, variant)
                    heard[column] = hear(
                        column, installed[variant.program], path, sounds, arguments.threads
                    )
                    if arguments.json:
                        arguments.json.write_text(as_json(heard), encoding="utf-8")
    print(table(recordings, heard))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--models", nargs="+", default=MODELS, choices=MODELS)
    parser.add_argument("--only", nargs="+", default=NAMES, choices=NAMES, metavar="COLUMN")
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        type=program_and_python,
        metavar="PROGRAM=PYTHON",
        help=f"the Python that has a program: {', '.join(PACKAGES)}",
    )
    parser.add_argument("--count", type=int, help="LibriSpeech's utterances of each reader")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, metavar="FILE", help="all that was heard")
    return parser.parse_args()


def write_sounds(recordings: Sequence[Recording], folder: Path) -> Sounds:
    sounds = {}
    for index, recording in enumerate(recordings):
        sounds[recording] = folder / f"{index}.npy"
        np.save(sounds[recording], recording.pcm())
    return sounds


def hear(column: Column, installed: Installed, model: Path, sounds: Sounds, threads: int) -> Heard:
    """Let a program hear all recordings that its model may understand; failures are told."""
    understood = [r for r in sounds if r.language == ENGLISH or not column.model.endswith(".en")]
    started = time.perf_counter()
    heard: dict[Recording, str] = {}
    try:
        with transcriber(
            column.variant, installed, model, sounds[understood[0]], threads
        ) as program:
            for recording in understood:
                heard[recording] = program.hear(sounds[recording], recording.language).text
    except WorkerError as error:
        print(f"Failed: {column.name}: {error}", file=sys.stderr)
    print(f"{column.name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return heard


def table(recordings: Sequence[Recording], heard: Mapping[Column, Heard]) -> str:
    """Return a row for each column of texts, with the errors in each set of recordings."""
    sets = list(dict.fromkeys(set_of(recording) for recording in recordings))
    lines = [["", *(f"{source}, {language}" for source, language in sets), "English in all"]]
    lines.append(["---", *["---:"] * (len(sets) + 1)])
    for column, texts in heard.items():
        cells = [errors([r for r in texts if set_of(r) == one], texts) for one in sets]
        cells.append(errors([r for r in texts if r.language == ENGLISH], texts))
        lines.append([column.name, *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def set_of(recording: Recording) -> tuple[str, str]:
    return recording.source, recording.language


def errors(recordings: Sequence[Recording], texts: Heard) -> str:
    """Return the errors in recordings of one language."""
    if not recordings:
        return "-"
    pairs = [(recording.text, texts[recording]) for recording in recordings]
    language = recordings[0].language
    found: WordErrors | CharacterErrors = (
        word_errors(pairs) if language == ENGLISH else character_errors(pairs, language)
    )
    return str(found)


def as_json(heard: Mapping[Column, Heard]) -> str:
    rows = [
        {
            "model": column.model,
            "variant": column.variant.name,
            "file": str(recording.path),
            "language": recording.language,
            "said": recording.text,
            "heard": text,
        }
        for column, texts in heard.items()
        for recording, text in texts.items()
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    main()
