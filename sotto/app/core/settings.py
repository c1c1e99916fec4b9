"""What the user can set, declared once with type, default and words; kept as TOML.

Precedence: command line, then environment (`SOTTO_FONT_SIZE=20`), then file, then default. The
file is `settings.toml` in the user's configuration folder, or in `SOTTO_CONFIG_DIR`.
"""

import contextlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import platformdirs
import tomli_w

from sotto.app.core.private_file import write_private
from sotto.app.core.settings_schema import Settings, Theme, Value
from sotto.errors import OutputError, SettingsError, UsageError

__all__ = ["LoadedSettings", "Settings", "Theme", "Value", "load", "parse", "save", "words"]

SCHEMA_VERSION = 2  # 1 had no lists and tables; a file of it is one of 2
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings and what was wrong with their sources: one line for each value not used."""

    settings: Settings
    warnings: tuple[str, ...] = ()


def settings_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the settings file is, whether it exists or not."""
    folder = environ.get("SOTTO_CONFIG_DIR")
    root = Path(folder) if folder else platformdirs.user_config_path("sotto")
    return root / "settings.toml"


def load(
    overrides: Mapping[str, Value] | None = None, environ: Mapping[str, str] = os.environ
) -> LoadedSettings:
    """Gather the settings from all sources.

    Args:
        overrides: values from the command line, by setting; absent means not given.
        environ: the environment.

    Raises:
        SettingsError: a value in `overrides` cannot be used.
    """
    path = settings_path(environ)
    table, warnings = _read_table(path)
    values: dict[str, Any] = {}
    for declared in fields(Settings):
        variable = f"SOTTO_{declared.name.upper()}"
        for source, raw in (
            (str(path), table.get(declared.name)),
            (variable, environ.get(variable)),
        ):
            if raw is None:
                continue
            try:
                values[declared.name] = parse(declared.name, raw)
            except SettingsError as error:
                warnings.append(f"{source}: {error}")
    for name, given in (overrides or {}).items():
        values[name] = parse(name, given)
    return LoadedSettings(Settings(**values), tuple(warnings))


def save(changes: Mapping[str, Value], environ: Mapping[str, str] = os.environ) -> None:
    """Write the changed settings to the file and leave all else in it as it is.

    A file that is not TOML is kept beside the new one as `settings.toml.broken`.

    Raises:
        SettingsError: a value cannot be used.
        OutputError: the file cannot be written.
    """
    path = settings_path(environ)
    checked = {name: parse(name, value) for name, value in changes.items()}
    table = _table_to_keep(path)
    plain = {name: _plain(value) for name, value in checked.items()}
    schema = max(SCHEMA_VERSION, _schema(table))
    write_private(path, tomli_w.dumps({**table, **plain, "schema": schema}))


def parse(name: str, raw: object) -> Value:
    """Check one value, from TOML or as text, and return it in its declared type.

    Raises:
        SettingsError: there is no such setting, or the value is of the wrong type or range.
    """
    declared = _DECLARED.get(name)
    if declared is None:
        raise SettingsError(f"there is no setting {name!r}; there are {', '.join(_DECLARED)}.")
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
    return str(_DECLARED[name].metadata["words"])


def _read_table(path: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, []
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        return {}, [f"{path} cannot be read ({why}); the defaults are used."]
    except ValueError as error:
        return {}, [f"{path} is not TOML ({error}); the defaults are used."]
    return table, _table_warnings(path, table)


def _table_to_keep(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise OutputError(f"{path} cannot be read ({why}); nothing was saved.") from error
    try:
        return tomllib.loads(content.decode())
    except ValueError:
        write_private(path.with_suffix(".toml.broken"), content)
        return {}


def _table_warnings(path: Path, table: Mapping[str, Any]) -> list[str]:
    warnings = [
        f"{path}: there is no setting {name!r}; it is ignored."
        for name in table
        if name not in _DECLARED and name != "schema"
    ]
    schema = table.get("schema", SCHEMA_VERSION)
    if not isinstance(schema, int) or schema > SCHEMA_VERSION:
        warnings.insert(
            0,
            f"{path} was written by a newer Sotto (schema {schema}); "
            "what this one knows of it is used.",
        )
    return warnings


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


def _plain(value: Value) -> object:
    """Return what TOML has for the value."""
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value


def _schema(table: Mapping[str, Any]) -> int:
    schema = table.get("schema")
    return schema if isinstance(schema, int) else SCHEMA_VERSION


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


_DECLARED: dict[str, "Field[Any]"] = {declared.name: declared for declared in fields(Settings)}
