"""What is said of an error in the log: types and places in the code, no message and no values."""

import errno
import traceback
from collections.abc import Iterator
from types import TracebackType

from sotto.app.core.traces.code_places import code_place

# Of endless recursion the ends tell everything.
_FIRST, _LAST = 8, 24
_LINKS = 8  # of a chain of errors

_CAUSED = "  which led to"


def outline(error: BaseException, *, with_messages: bool = False) -> str:
    """Return the error and those that led to it, oldest first, some lines each.

    Messages are left out unless they are asked for: they quote file names, device names and window
    titles. Of what the operating system refuses, the reason's name is kept.

    Args:
        error: with its traceback.
        with_messages: whether to add the messages.
    """
    chain = list(_chain(error))
    parts = ["\n".join(_lines(each, with_messages=with_messages)) for each in reversed(chain)]
    return f"\n{_CAUSED}\n".join(parts)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_LINKS):
        if error is None:
            return
        yield error
        hidden = error.__suppress_context__
        error = error.__cause__ or (None if hidden else error.__context__)


def _lines(error: BaseException, *, with_messages: bool) -> Iterator[str]:
    message = f": {error}" if with_messages else ""
    yield f"  {kind(type(error))}{_reason(error)}{message}"
    places = list(_places(error.__traceback__))
    n_hidden = len(places) - _FIRST - _LAST
    if n_hidden > 0:
        places[_FIRST:-_LAST] = [f"… {n_hidden} more"]
    yield from (f"    {place}" for place in places)


def kind(error_type: type) -> str:
    """Return a type's name with its module, which is left out for Python's own."""
    module = "" if error_type.__module__ == "builtins" else f"{error_type.__module__}."
    return f"{module}{error_type.__qualname__}"


def _reason(error: BaseException) -> str:
    number = error.errno if isinstance(error, OSError) else None
    return f" [{errno.errorcode.get(number, number)}]" if number is not None else ""


def _places(trace: TracebackType | None) -> Iterator[str]:
    for frame, line in traceback.walk_tb(trace):
        code = frame.f_code
        yield f"{code_place(code.co_filename)}:{line} {code.co_qualname}"
