r"""Compare Sotto with other programs that turn speech into text while it is spoken.

    python -m tools.compare_streaming FOLDER [--speech FOLDER …] [--seconds 110] [--pieces 2] \
        --only PROGRAM [--python PYTHON] [--model base] [--piece N]
    python -m tools.compare_streaming FOLDER --join [--json FILE] [--plot FILE]

The same recordings of people, joined to pieces with pauses between them, are spoken to each
program in real time, with the same weights; what it shows when is judged in the same way for all.
FOLDER keeps the pieces, the weights in every layout and one result a program, model and piece, so
that a run that was interrupted loses little. `--only` lets one program hear one piece, or all of
them; `--join` prints the tables of all results that are there.

Programs go their own way from samples to text: their servers, clients and settings
(`tools/peers/streaming`). The figures are only as good as the machine is idle: the tables say how
much processor time others took. `--plot` needs the dependency group `tools`.
"""

import argparse
import json
import math
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from tools.compare_peers import CLIPS, processor
from tools.fixtures.official import Official
from tools.peers.speech import Recording, read_folder
from tools.peers.streaming.conversation import choose, join, listener, read_conversation
from tools.peers.streaming.judge import Hearing, Judgement, Text
from tools.peers.streaming.listening import ListeningError, listen
from tools.peers.streaming.programs import PROGRAMS, make_setup
from tools.peers.table import NOTHING

SECONDS = 110.0  # of a piece
PIECES = 2
THREADS = 2
UTTERANCES = 4  # of each LibriSpeech reader

COLUMNS = {
    "errors, %": "word errors, %",
    "word spoken → seen, p50": "word spoken to seen, p50, s",
    "p90": "word spoken to seen, p90, s",
    "word spoken → committed, p50": "word spoken to committed, p50, s",
    "p90 ": "word spoken to committed, p90, s",
    "end of speech → final, p50": "end of speech to final, p50, s",
    "p90  ": "end of speech to final, p90, s",
    "erasure": "normalised erasure",
    "commits changed": "committed text changed, times",
    "CPU-s a second": "CPU seconds per second",
    "others' CPU-s": "CPU seconds per second, others",
}
"""Heads of the table, and the measure beneath each."""

Results = Mapping[str, Mapping[str, Judgement]]
"""For each model, what each program made of it."""


def main() -> None:
    arguments = parse_arguments()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if arguments.join:
        join_results(arguments)
        return
    recordings = [r for folder in arguments.speech for r in read_folder(folder, UTTERANCES)]
    make_pieces(arguments, recordings)
    if arguments.only:
        pieces = range(arguments.pieces) if arguments.piece is None else [arguments.piece]
        try:
            for piece in pieces:
                run(arguments, piece, recordings[0])
        except ListeningError as error:
            sys.exit(f"{arguments.only}: {error}")


def parse_arguments() -> argparse.Namespace:
    lines = (__doc__ or "").splitlines()
    parser = argparse.ArgumentParser(description=lines[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--speech", nargs="+", type=Path, default=[CLIPS])
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of a piece")
    parser.add_argument("--pieces", type=int, default=PIECES)
    parser.add_argument("--only", choices=PROGRAMS, metavar="PROGRAM", help=", ".join(PROGRAMS))
    parser.add_argument("--python", default=sys.executable, help="the Python that has it")
    parser.add_argument("--model", default="base", choices=get_args(Official))
    parser.add_argument("--piece", type=int, metavar="N", help="this one alone")
    parser.add_argument("--threads", type=int, default=THREADS)
    parser.add_argument("--join", action="store_true", help="print all results that are there")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE")
    return parser.parse_args()


def make_pieces(arguments: argparse.Namespace, recordings: list[Recording]) -> None:
    """Join the recordings to pieces, unless they are there."""
    paths = [piece_path(arguments.folder, index) for index in range(arguments.pieces)]
    if all(path.with_suffix(".json").exists() for path in paths):
        return
    model = listener()
    drawn = choose(recordings, arguments.seconds, arguments.pieces)
    for path, of_piece in zip(paths, drawn, strict=True):
        piece = join(of_piece, model)
        piece.write(path)
        words = sum(len(sentence.words) for sentence in piece.sentences)
        print(f"{path.name}: {piece.duration_s:.1f} s, {words} words", file=sys.stderr)


def run(arguments: argparse.Namespace, piece: int, warm_up: Recording) -> None:
    """Let the program hear a piece and write down what it made of it."""
    program = PROGRAMS[arguments.only]
    version = program.version(arguments.python)
    if version is None:
        raise ListeningError(f"{arguments.python} has no {program.distribution}")
    setup = make_setup(
        arguments.model, arguments.folder, warm_up, program.policy, arguments.threads
    )
    conversation = read_conversation(piece_path(arguments.folder, piece))
    hearing = listen(arguments.python, program.adapter, setup, conversation.pcm16())
    content = {
        "program": arguments.only,
        "version": version,
        "model": arguments.model,
        "piece": piece,
        "hearing": asdict(hearing),
    }
    path = arguments.folder / f"result-{arguments.only}-{arguments.model}-{piece}.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    judgement = Judgement()
    judgement.add(conversation, hearing)
    print(json.dumps(judgement.figures()), flush=True)


def join_results(arguments: argparse.Namespace) -> None:
    """Print the tables, and write what was asked for."""
    contents = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(arguments.folder.glob("result-*.json"))
    ]
    results = judged(arguments.folder, contents)
    for model, of_programs in results.items():
        print(f"\n{model}\n\n{markdown(of_programs)}")
    if arguments.json:
        arguments.json.write_text(as_json(results, contents), encoding="utf-8")
    if arguments.plot:
        from tools.peers.streaming.plot import save_plot  # noqa: PLC0415 (matplotlib is optional)

        save_plot(arguments.plot, results)


def judged(folder: Path, contents: list[dict[str, Any]]) -> Results:
    """Judge all results, programs in the order of `PROGRAMS`."""
    results: dict[str, dict[str, Judgement]] = {}
    for content in sorted(contents, key=lambda content: list(PROGRAMS).index(content["program"])):
        name = PROGRAMS[content["program"]].name
        judgement = results.setdefault(content["model"], {}).setdefault(name, Judgement())
        fields = content["hearing"]
        texts = tuple(Text(**text) for text in fields.pop("texts"))
        judgement.add(
            read_conversation(piece_path(folder, content["piece"])), Hearing(texts, **fields)
        )
    return results


def piece_path(folder: Path, index: int) -> Path:
    """Return where a piece is kept, without the suffix."""
    return folder / f"piece-{index}"


def markdown(of_programs: Mapping[str, Judgement]) -> str:
    """Return a row for each program."""
    lines = [["", *COLUMNS], ["---", *["---:"] * len(COLUMNS)]]
    for name, judgement in of_programs.items():
        figures = judgement.figures()
        lines.append([name, *(cell(figures[measure]) for measure in COLUMNS.values())])
    return "\n".join(f"| {' | '.join(map(str.strip, line))} |" for line in lines)


def cell(value: float) -> str:
    """Return a figure with three digits; nothing is a dash."""
    if math.isnan(value):
        return NOTHING
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def as_json(results: Results, contents: list[dict[str, Any]]) -> str:
    """Return the figures and last texts, and which versions on which machine."""
    versions = {PROGRAMS[each["program"]].name: each["version"] for each in contents}
    figures = {
        model: {
            name: {"figures": judgement.figures(), "texts": [heard for _, heard in judgement.said]}
            for name, judgement in of_programs.items()
        }
        for model, of_programs in results.items()
    }
    content = {"processor": processor(), "versions": versions, "models": figures}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    main()
