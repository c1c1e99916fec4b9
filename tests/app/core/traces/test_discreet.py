import ast
import logging
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import sotto
from sotto.app.core.events import SessionState
from sotto.app.core.traces.discreet import DiscreetFormatter, OwnWords
from sotto.errors import DeviceError
from tests.app.core.traces.conftest import record

PACKAGE = Path(sotto.__file__).parent
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def body(message: str, *arguments: object, is_open: bool = False) -> str:
    return DiscreetFormatter(is_open=is_open).body(record(message, *arguments))


def test_numbers_kinds_and_own_words_are_written() -> None:
    arguments = (3, 1.25, True, None, SessionState.LISTENING, DeviceError, OwnWords("begins"))
    assert body("%d %.1f %s %s %s %s %s", *arguments) == (
        "3 1.2 True None LISTENING sotto.errors.DeviceError begins"
    )


@given(st.text(min_size=3), st.sampled_from(["%s", "%r", "%d", "%(said)s", "%.2f"]))
def test_no_text_gets_through_whatever_the_message_makes_of_it(text: str, how: str) -> None:
    secret = f"<{text}>"
    paths = Path(secret)
    for argument in (
        secret,
        [secret],
        {"said": secret},
        paths,
        ValueError(secret),
        secret.encode(),
    ):
        assert secret not in body(f"about {how}", argument)


def test_names_are_written_for_those_who_ask() -> None:
    assert body("opens %s", "USB", is_open=True) == "opens USB"


def test_a_line_says_when_who_and_where() -> None:
    line = DiscreetFormatter().format(record("said", level=logging.WARNING))
    when, time, process, level, module, thread, message = line.split()
    assert (len(when), time[-1], process.isdigit()) == (10, "Z", True)
    assert (level, module, thread, message) == ("WARNING", "sotto.test", "[MainThread]", "said")


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of a logger in Sotto's code, with its place."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if isinstance(owner, ast.Name) and "log" in owner.id and node.func.attr in LEVELS:
                yield f"{file}:{node.lineno}", node


def test_every_message_in_sottos_code_is_a_literal() -> None:
    found = list(calls())
    assert len(found) > 10
    for place, call in found:
        assert isinstance(call.func, ast.Attribute)
        message = call.args[1 if call.func.attr == "log" else 0]
        assert isinstance(message, ast.Constant), place


def test_no_other_module_makes_loggers() -> None:
    others = [file for file in PACKAGE.rglob("*.py") if "getLogger(__name__)" in file.read_text()]
    assert others == []
