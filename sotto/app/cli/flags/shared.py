"""Flags that several commands have."""

from argparse import ArgumentParser, _ArgumentGroup
from pathlib import Path

from sotto.app.cli.flags.values import optional, whole
from sotto.audio.files.selection import CHANNELS

Flags = ArgumentParser | _ArgumentGroup

# The values of `ComputeType`, `CaptionSource` and `Task`, whose modules take longer to import than
# `sotto record` takes to answer.
COMPUTE_TYPES = ("float32", "int8")
CAPTION_SOURCES = ("microphone", "system")
TASKS = ("transcribe", "translate")
STANDARD_OUTPUT = Path("-")

TASK_HELP = "translate: write English, whatever is spoken"
LANGUAGE_HELP = "the language spoken: a name or code, such as German or de, or auto"
MODEL_HELP = "a name such as base, a folder or file of a model, or a hub id"


def model_flags(flags: Flags) -> None:
    """Add what every command that recognises speech has: which model, on what, how exactly."""
    flags.add_argument("--model", metavar="MODEL", help=MODEL_HELP)
    device_flag(flags)
    compute_type_flag(flags)


def device_flag(flags: Flags) -> None:
    """Add --device, which means the same in every command; `machine.settle` checks it."""
    words = "what computes: cpu, or auto, which is the same as long as Sotto uses nothing else"
    flags.add_argument("--device", metavar="auto|cpu", default="auto", help=words)


def compute_type_flag(flags: Flags) -> None:
    """Add --compute-type, whose value `machine.settle` turns into one of `COMPUTE_TYPES`."""
    words = "precision of the model's matrices: int8 (smaller and faster) or float32; or auto"
    flags.add_argument("--compute-type", metavar="TYPE", help=words)


def threads_flag(flags: Flags) -> None:
    """Add --threads; 0, openai-whisper's own default, is for all as well."""
    words = "processors to use; without it, all"
    flags.add_argument("--threads", metavar="N", type=optional(whole(0)), help=words)


def language_flags(flags: Flags) -> None:
    """Add what is spoken, and what is to be written of it."""
    add = flags.add_argument
    add("--language", metavar="LANGUAGE", help=f"{LANGUAGE_HELP} (default: the setting)")
    add("--languages", metavar="LIST", help="those that may be detected, such as de,en")
    add("--hotwords", metavar="LIST", help="names to expect, with commas (default: the setting)")
    add("--task", choices=TASKS, help=f"{TASK_HELP} (default: the setting)")


def sound_flags(flags: Flags, *more: str) -> None:
    """Add which track of a recording is meant, and which of its sides."""
    add = flags.add_argument
    words = "sound track of a film, from 1 on (default: the one that the file plays by default)"
    add("--track", metavar="N", type=whole(1), help=words)
    words = "of stereo: both mixed, or one side (default mix)"
    if more:
        words = "of stereo: both mixed, one side, or each as a speaker of its own (default mix)"
    add("--channels", choices=(*CHANNELS, *more), default="mix", help=words)
