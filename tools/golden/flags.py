r"""Write tests/golden/flags.json: what four programs call their flags, by the programs' own word.

openai-whisper's command line is asked for its parser, faster-whisper for its Python arguments, as
it has no command line. The others are read from their sources, which nothing here fetches:

    python -m tools.golden.flags --whisper-cpp examples/cli/cli.cpp \
        --whisperx whisperx/__main__.py \
        --whisper-ctranslate2 src/whisper_ctranslate2/commandline.py
"""

import argparse
import ast
import inspect
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest import mock

from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.vad import VadOptions
from whisper.transcribe import cli

OUT = Path(__file__).parents[2] / "tests" / "golden" / "flags.json"

# What a caller gives besides options.
_NO_OPTIONS = {"self", "model", "audio", "vad_parameters", "model_kwargs"}
_WHISPER_CPP = re.compile(r'arg == ("--?[\w-]+")')
Names = list[str]


def openai_whisper() -> Iterator[Names]:
    """Yield the names of each flag of the command `whisper`."""
    parsers: list[argparse.ArgumentParser] = []

    def note(parser: argparse.ArgumentParser, *_: Any) -> None:
        parsers.append(parser)
        raise SystemExit

    with mock.patch.object(argparse.ArgumentParser, "parse_args", note), suppress(SystemExit):
        cli()
    for action in parsers[0]._actions:
        if action.option_strings:
            yield list(action.option_strings)


def faster_whisper() -> Iterator[Names]:
    """Yield each option of its models, of both ways to transcribe and of its detector of speech."""
    takers = (WhisperModel.__init__, WhisperModel.transcribe, BatchedInferencePipeline.transcribe)
    arguments = [name for each in takers for name in inspect.signature(each).parameters]
    options = [*arguments, *(f"vad_parameters.{field.name}" for field in fields(VadOptions))]
    for name in dict.fromkeys(options):
        if name not in _NO_OPTIONS:
            yield [name]


def of_python_source(path: Path) -> Iterator[Names]:
    """Yield the names in each call of `add_argument`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "add_argument":
            names = [str(arg.value) for arg in node.args if isinstance(arg, ast.Constant)]
            if flags := [name for name in names if name.startswith("-")]:
                yield sorted(flags, key=len, reverse=True)


def of_whisper_cpp(path: Path) -> Iterator[Names]:
    """Yield the names that each line of its parser compares an argument with."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if names := [json.loads(name) for name in _WHISPER_CPP.findall(line)]:
            yield names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("whisper-cpp", "whisperx", "whisper-ctranslate2"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    write(
        {
            f"openai-whisper {version('openai-whisper')}": openai_whisper(),
            f"faster-whisper {version('faster-whisper')}": faster_whisper(),
            "whisper-ctranslate2": of_python_source(given.whisper_ctranslate2),
            "whisper.cpp": of_whisper_cpp(given.whisper_cpp),
            "whisperX": of_python_source(given.whisperx),
        }
    )


def write(programs: dict[str, Iterable[Names]]) -> None:
    """Write a line for each flag."""
    parts = (
        f"{json.dumps(program)}: [\n" + ",\n".join(json.dumps(names) for names in flags) + "\n]"
        for program, flags in programs.items()
    )
    OUT.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
