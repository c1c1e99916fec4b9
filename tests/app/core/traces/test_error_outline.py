import json
import re

from sotto.app.core.traces.code_places import code_place
from sotto.app.core.traces.error_outline import outline
from sotto.errors import DeviceError

MESSAGE = "meet Anna at noon"


def test_types_and_places_are_told_and_no_message_and_no_value() -> None:
    try:
        try:
            json.loads(MESSAGE)
        except ValueError as error:
            raise DeviceError(MESSAGE) from error
    except DeviceError as error:
        told = outline(error)
    assert re.sub(r"\d+", "N", told).splitlines() == [
        "  json.decoder.JSONDecodeError",
        "    elsewhere:N test_types_and_places_are_told_and_no_message_and_no_value",
        "    json/__init__.py:N loads",
        "    json/decoder.py:N JSONDecoder.decode",
        "    json/decoder.py:N JSONDecoder.raw_decode",
        "  which led to",
        "  sotto.errors.DeviceError",
        "    elsewhere:N test_types_and_places_are_told_and_no_message_and_no_value",
    ]


def test_messages_are_told_to_those_who_ask() -> None:
    assert outline(DeviceError(MESSAGE), with_messages=True) == (
        f"  sotto.errors.DeviceError: {MESSAGE}"
    )


def test_the_systems_reason_is_told() -> None:
    assert outline(PermissionError(13, "no", MESSAGE)) == "  PermissionError [EACCES]"


def test_of_endless_recursion_the_ends_are_told() -> None:
    def again() -> None:
        again()

    try:
        again()
    except RecursionError as error:
        lines = outline(error).splitlines()
    assert len(lines) < 40
    assert any(re.fullmatch(r"    … \d+ more", line) for line in lines)


def test_an_error_that_leads_to_itself_ends() -> None:
    first, second = ValueError(), TypeError()
    first.__context__, second.__context__ = second, first
    assert outline(first).count("Error") < 10


def test_places_do_not_tell_where_programs_are_installed() -> None:
    assert code_place(outline.__code__.co_filename) == "sotto/app/core/traces/error_outline.py"
    assert code_place("/home/anna/.venv/lib/python3.11/site-packages/max/a.py") == "max/a.py"
    assert code_place("/home/anna/secret.py") == "elsewhere"
    assert code_place("<frozen importlib._bootstrap>") == "<frozen importlib._bootstrap>"
    assert code_place(json.__file__) == "json/__init__.py"
