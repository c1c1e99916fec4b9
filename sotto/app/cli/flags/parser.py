"""A parser of flags that says what is wrong in one line, and what was probably meant."""

import argparse
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any, NoReturn

from sotto.app.cli.flags.other_programs import ALIASES, REFUSED, is_file
from sotto.app.cli.flags.values import is_truth, truth
from sotto.errors import UsageError
from sotto.nearest import did_you_mean

_NUMBER = re.compile(r"-[\d.]")  # what begins so is a value, such as -1.0 or -1,220


class Parser(argparse.ArgumentParser):
    """Takes flags in any order, with hyphens or underscores, and by other programs' names."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)
        self._has_commands = False

    def add_subparsers(self, **options: Any) -> Any:
        """Add commands: what follows one of them is theirs."""
        self._has_commands = True
        return super().add_subparsers(**options)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, but refuse what is not known."""
        if not self._has_commands:
            args = self._in_order(args)
        else:
            self._refuse_unknown(takewhile(_is_flag, args))
        parsed, others = super().parse_known_args(args, namespace)
        if more := [other for other in others if other != "--"]:
            self.error(f"{more[0]!r} is one too many")
        return parsed, []

    def error(self, message: str) -> NoReturn:
        """Raise a `UsageError`."""
        message = message.removeprefix("argument ")
        see = " See" if message.endswith("?") else "; see"
        raise UsageError(f"{message}{see}: {self.prog} --help")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        near = did_you_mean(str(value), known)
        if isinstance(action, argparse._SubParsersAction):
            self.error(f"there is no {str(action.metavar).lower()} {value!r}{near}")
        raise argparse.ArgumentError(action, f"{value!r} is not one of {', '.join(known)}{near}")

    def _in_order(self, arguments: Sequence[str]) -> list[str]:
        """Return the flags in Sotto's own names, each in one piece with its value, then the rest.

        argparse by itself takes files in one place only, and -1,220 for a flag.
        """
        end = arguments.index("--") if "--" in arguments else len(arguments)
        given = [*self._translated(arguments[:end])]
        self._refuse_unknown(filter(_is_flag, given))
        flags, others = [], list[str]()
        rest = iter(range(len(given)))
        for at in rest:
            flag, following = given[at], given[at + 1 : at + 2]
            if not _is_flag(flag):
                others.append(flag)
            elif self._takes(flag, following):
                flags.append(f"{flag}={following[0]}")
                next(rest)
            elif self._may_stand_alone(flag):
                flags.append(f"{flag}=True")
            else:
                flags.append(flag)
        others += arguments[end + 1 :]
        return [*flags, "--", *others] if others else flags

    def _translated(self, arguments: Sequence[str]) -> Iterator[str]:
        """Yield the arguments with other programs' names for Sotto's own."""
        for at, argument in enumerate(arguments):
            name, equals, value = argument.partition("=")
            alias = ALIASES.get(name, ())
            if name == "-f" and is_file(value or "".join(arguments[at + 1 : at + 2])):
                alias = ("--file",)
            if not alias or not self._knows(alias[0]):
                yield argument
            else:
                yield from (*alias[:-1], alias[-1] + equals + value)

    def _takes(self, flag: str, following: Sequence[str]) -> bool:
        """Tell whether what follows is the value of a flag."""
        action = self._option_string_actions.get(flag)
        if action is None or action.nargs == 0 or not following or _is_flag(following[0]):
            return False
        return action.type is not truth or is_truth(following[0])

    def _may_stand_alone(self, flag: str) -> bool:
        """Tell whether a flag without a value is on, as in programs whose switches have none."""
        action = self._option_string_actions.get(flag)
        return action is not None and action.type is truth

    def _refuse_unknown(self, flags: Iterator[str]) -> None:
        for flag in flags:
            name = flag.partition("=")[0]
            if self._knows(name):
                continue
            if name in REFUSED and self._knows("--beam-size"):
                raise UsageError(f"{name}: {REFUSED[name]}")
            known = [*self._option_string_actions, *filter(self._can_translate, ALIASES)]
            self.error(f"no such option {name}{did_you_mean(name, known)}")

    def _knows(self, flag: str) -> bool:
        return flag.partition("=")[0] in self._option_string_actions

    def _can_translate(self, alias: str) -> bool:
        return self._knows(ALIASES[alias][0])


def _is_flag(argument: str) -> bool:
    """Tell a flag from a file and from a value, as argparse does; "-" is a file."""
    is_dashed = argument.startswith("-") and argument not in {"-", "--"}
    return is_dashed and not _NUMBER.match(argument) and " " not in argument.partition("=")[0]
