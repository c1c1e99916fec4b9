"""One value of a setting: checked, and in its declared type, wherever it comes from."""

import contextlib
from collections.abc import Mapping
from dataclasses import Field, fields
from enum import StrEnum
from typing import Any

from sotto.app.core.settings.schema import Settings, Value
from sotto.errors import SettingsError, UsageError

_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_DECLARED: dict[str, "Field[Any]"] = {declared.name: declared for declared in fields(Settings)}


def parse(name: str, raw: object) -> Value:
    """Check one value, from TOML or as text, and return it in its declared type.

    Raises:
        SettingsError: there is no such setting, or the value is of the wrong type or range.
    """
    declared = declaration(name)
    if isinstance(declared.default, StrEnum):
        return _choice(name, raw, type(declared.default))
    if declared.type is str:
        return _as_text(declared, raw)
    if declared.type is bool:
        return _as_truth(name, raw)
    if "low" in declared.metadata:
        return _within_range(declared, _as_whole_number(name, raw))
    return _as_list(declared, raw) if declared.default == () else _as_table(declared, raw)


def words(name: str) -> str:
    """Return what the setting means, for help texts and the settings file's readers."""
    return str(declaration(name).metadata["words"])


def declaration(name: str) -> "Field[Any]":
    """Return how the setting is declared.

    Raises:
        SettingsError: there is no such setting.
    """
    if name not in _DECLARED:
        raise SettingsError(f"there is no setting {name!r}; there are {', '.join(_DECLARED)}.")
    return _DECLARED[name]


def _choice(name: str, raw: object, choices: type[StrEnum]) -> StrEnum:
    try:
        return choices(str(raw))
    except ValueError:
        listed = ", ".join(choices)
        raise SettingsError(f"{name} = {raw!r} is not one of {listed}.") from None


def _as_truth(name: str, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in _TRUTHS:
        return _TRUTHS[raw.lower()]
    raise SettingsError(f"{name} = {raw!r} is neither true nor false.")


def _as_text(declared: "Field[Any]", raw: object) -> str:
    if isinstance(raw, str):
        return _read_by(declared, raw)
    raise SettingsError(f"{declared.name} = {raw!r} is not a text; put it in quotes.")


def _as_list(declared: "Field[Any]", raw: object) -> tuple[str, ...]:
    """Take a list of texts, or one text with commas, as the environment has it."""
    if isinstance(raw, str):
        raw = [part for each in raw.split(",") if (part := each.strip())]
    if isinstance(raw, list | tuple) and all(isinstance(each, str) for each in raw):
        read = [_read_by(declared, each) for each in raw]
        # "auto" among languages means any, as an empty list does.
        return tuple(dict.fromkeys(filter(None, read)) if "read" in declared.metadata else read)
    raise SettingsError(
        f'{declared.name} = {raw!r} is not a list of texts, such as ["Anna", "Köln"].'
    )


def _read_by(declared: "Field[Any]", text: str) -> str:
    """Return the text as the setting's own reader understands it, if it has one."""
    try:
        return str(declared.metadata.get("read", str)(text))
    except UsageError as error:
        raise SettingsError(f"{error}.") from None


def _as_table(declared: "Field[Any]", raw: object) -> dict[str, str]:
    if isinstance(raw, Mapping) and all(isinstance(each, str) for each in (*raw, *raw.values())):
        return {key: _read_by(declared, value) for key, value in raw.items()}
    name = declared.name
    raise SettingsError(
        f"{name} = {raw!r} is not a table of texts; write [{name}] and under it "
        'lines such as "a text" = "another"'
    )


def _as_whole_number(name: str, raw: object) -> int:
    # bool is an int in Python, but `font_size = true` is a mistake.
    if isinstance(raw, str | int) and not isinstance(raw, bool):
        with contextlib.suppress(ValueError):
            return int(raw)
    raise SettingsError(f"{name} = {raw!r} is not a whole number.")


def _within_range(declared: "Field[Any]", value: int) -> int:
    low, high = declared.metadata["low"], declared.metadata["high"]
    if not low <= value <= high:
        raise SettingsError(f"{declared.name} = {value} is not between {low} and {high}.")
    return value
