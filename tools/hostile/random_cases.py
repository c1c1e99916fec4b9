"""Calls that are random by their number alone."""

import random
from collections.abc import Mapping, Sequence

from tools.fixtures.forked_command import Stream
from tools.hostile.case import Case
from tools.hostile.values import (
    FILES,
    FOLDERS,
    HOSTS,
    LOST,
    MODELS,
    NUMBERS,
    ORIGINS,
    SETTINGS,
    TEXTS,
    TOKENS,
    VARIABLES,
    WORDS,
)


def case_of(number: int, seed: int) -> Case:
    """Return the call of that number, the same each time."""
    chance = random.Random(f"{seed} {number}")
    environ: dict[str, str] = {}
    for _ in range(chance.choice((0, 0, 1, 1, 2, 4))):
        if chance.random() < 0.7:
            name = chance.choice(VARIABLES)
            # A folder that can be made would get 200 MB of official models each time.
            values = LOST if name == "SOTTO_MODELS_DIR" else FOLDERS
            environ[name] = chance.choice(values)
        else:
            environ[chance.choice(WORDS)] = chance.choice(TEXTS)
    arguments = _arguments(chance)
    if chance.random() < 0.04:  # without a command, it is the window
        arguments = chance.choice(
            ([], ["--hidden"], ["--listen"], ["overlay"], ["overlay", "--edit"])
        )
        environ["DISPLAY"] = chance.choice((":999", *TEXTS[1:]))
    return Case(
        arguments=tuple(arguments),
        environ=environ,
        settings=chance.choice(SETTINGS) if chance.random() < 0.25 else None,
        out=_stream(chance),
        err=_stream(chance),
    )


def _stream(chance: random.Random) -> Stream:
    return chance.choice(tuple(Stream)) if chance.random() < 0.12 else Stream.KEPT


def _arguments(chance: random.Random) -> list[str]:
    command = chance.choice((_models, _transcribe, _listen, _serve, _small, _anything))
    arguments = command(chance)
    if chance.random() < 0.1:
        arguments.insert(chance.randrange(len(arguments) + 1), chance.choice(TEXTS))
    return arguments


def _models(chance: random.Random) -> list[str]:
    action = chance.choice(("list", "pull", "remove", "remove"))
    if action == "list":
        return ["models", "list"]
    name = chance.choice((*TEXTS, *FILES, *MODELS))
    source = ["--source", chance.choice(("hub", "packages"))] if action == "pull" else []
    return ["models", action, name, *source[: 2 * chance.randrange(2)]]


def _transcribe(chance: random.Random) -> list[str]:
    files = [chance.choice(FILES) for _ in range(chance.choice((1, 1, 2, 3)))]
    files += chance.sample(("*.wav", "**/*", "[!]", "-"), chance.choice((0, 0, 1)))
    flags = {
        "--model": MODELS + TEXTS,
        "--output_dir": FOLDERS,
        "--output_format": ("txt", "all", "json", "docx,lrc", "srt,", "x"),
        "--files_from": FILES,
        "--max_line_width": TEXTS,
        "--max_line_count": TEXTS,
        "--subtitles": ("broadcast", "whisper", "x"),
        "--language": TEXTS,
        "--beam_size": TEXTS,
        "--temperature": TEXTS,
        "--initial_prompt": TEXTS,
        "--threads": TEXTS,
        "--compute_type": TEXTS,
        "--device": TEXTS,
        "--clip_timestamps": (*TEXTS, "0,1e400", "5,1", "-1"),
        "--suppress_tokens": (*TEXTS, "-1,99999999", "-2"),
        "--suppress_regex": (*TEXTS, "(", "[0-9]+"),
        "--patience": (*TEXTS, "1e-9", "1e308"),
        "--prefix": TEXTS,
        "--hotwords": (*TEXTS, "word " * 2000),
        "--vad_threshold": (*TEXTS, "0", "1"),
        "-f": (*TEXTS, *FILES),
        "-ot": TEXTS,
    }
    return ["transcribe", *_flags(chance, flags), "--", *files]


def _listen(chance: random.Random) -> list[str]:
    command = chance.choice(("listen", "listen", "overlay", "bench"))
    flags: dict[str, Sequence[str]] = {"--model": MODELS + TEXTS}
    if command == "listen":
        sound = {"--source": FILES} if chance.random() < 0.8 else {"--microphone": TEXTS}
        flags |= {**sound, "--language": TEXTS, "--languages": TEXTS}
        return ["listen", "--json", *_flags(chance, flags)][chance.randrange(2) :] or ["listen"]
    if command == "overlay":
        return [
            "overlay",
            *_flags(
                chance, flags | {"--microphone": TEXTS, "--device": TEXTS, "--language": TEXTS}
            ),
        ]
    # Of a model that is none: measuring one takes a minute.
    return ["bench", "--model", chance.choice(MODELS), *_flags(chance, {"--plot": FILES})]


def _serve(chance: random.Random) -> list[str]:
    """Of a model that is none: else it would serve, and not end by itself."""
    flags: dict[str, Sequence[str]] = {
        "--host": HOSTS + TEXTS,
        "--token": TOKENS + TEXTS,
        "--token-file": FILES,
        "--allow-host": HOSTS + TEXTS,
        "--allow-origin": ORIGINS + TEXTS,
        "--compare-with": FILES,
        "--language": TEXTS,
        "--threads": NUMBERS,
    }
    limits = ("--max-upload", "--max-audio", "--max-waiting", "--at-once", "--max-live")
    flags |= dict.fromkeys(limits, NUMBERS)
    port = chance.choice(("0", "0", "0", *NUMBERS, *TEXTS))
    return ["serve", f"--model={chance.choice(MODELS)}", f"--port={port}", *_flags(chance, flags)]


def _flags(chance: random.Random, values: Mapping[str, Sequence[str]]) -> list[str]:
    some = chance.sample(sorted(values), chance.randint(0, min(3, len(values))))
    return [f"{name}={chance.choice(values[name])}" for name in some]


def _small(chance: random.Random) -> list[str]:
    return chance.choice(
        (
            ["devices"],
            ["record", chance.choice(("start", "stop", "toggle", "cancel", "undo", "status"))],
            ["record", "status", "--follow"],
            ["record", chance.choice(TEXTS)],
            ["--version"],
            ["--help"],
            ["models", "--help"],
        )
    )


def _anything(chance: random.Random) -> list[str]:
    return [chance.choice(TEXTS[1:]), *(chance.choice(TEXTS) for _ in range(chance.randrange(3)))]
