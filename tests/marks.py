"""Marks that follow from what a test uses, so that nobody has to write them by hand.

A test is `desktop` if it, its fixtures or the helpers that they call start a server of a desktop:
screens, a session bus, sound, a browser. It is `real_model` if they take OpenAI's weights.
"""

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

STARTED = {
    "desktop": {
        "tools.fixtures.audio_server.AudioServer",
        "tools.fixtures.audio_server.audio_server",
        "tools.fixtures.x_server.bare_x_server",
        "tests.helpers.jack_server.jack_server",
        "tests.helpers.portal_backend_bus.session_bus",
        "tools.fixtures.session_bus.session_bus",
        "tests.helpers.sway.sway",
        "tests.helpers.chromium.chromium",
    },
    "real_model": {"tools.fixtures.official.official"},
}
_FOR_ALL = {"official_models"}  # fixtures that every test gets, whatever it is about
_OURS = ("tests.", "tools.")  # what is followed; Sotto itself starts no server


def add_marks(item: pytest.Item) -> None:
    """Mark a test that was just collected."""
    if not isinstance(item, pytest.Function):
        return
    fixtures = item._fixtureinfo.name2fixturedefs.items()
    own = (each[-1].func for name, each in fixtures if name not in _FOR_ALL)
    used = names_reached(item.function, *own)
    for mark, names in STARTED.items():
        if used & names:
            item.add_marker(mark)


@cache
def names_reached(*functions: Callable[..., Any]) -> frozenset[str]:
    """Return the full names of all functions and classes that the code of these names.

    Directly, or through functions and classes of the tests and the tools. What is only passed as an
    argument or looked up by a string is not seen.
    """
    found: dict[Callable[..., Any], str] = {}
    waiting = list(functions)
    while waiting:
        thing = inspect.unwrap(waiting.pop())
        if thing not in found:
            name = f"{getattr(thing, '__module__', '')}.{getattr(thing, '__qualname__', '')}"
            found[thing] = name
            waiting.extend(_named_by(thing) if name.startswith(_OURS) else ())
    return frozenset(found.values())


@cache
def _named_by(thing: Callable[..., Any]) -> tuple[Callable[..., Any], ...]:
    """Return the functions, classes and methods that the code of a function or class names."""
    return tuple(_all_named_by(thing))


def _all_named_by(thing: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    if isinstance(thing, type):
        yield from filter(callable, vars(thing).values())
    if not isinstance(thing, FunctionType):
        return
    names = set(_names(thing.__code__))
    for name in names:
        value = thing.__globals__.get(name)
        if isinstance(value, ModuleType):
            yield from (vars(value)[each] for each in names if callable(vars(value).get(each)))
        elif callable(value):
            yield value


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
