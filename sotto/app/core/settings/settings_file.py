"""The settings file: `settings.toml` in the user's configuration folder, or in `SOTTO_CONFIG_DIR`.

Precedence: command line, then environment (`SOTTO_FONT_SIZE=20`), then file, then default. What the
first two say holds for one run: only what is changed is written, and the file's comments and order
stay as the user left them.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeGuard

import platformdirs

from sotto.app.core.private_file import write_private
from sotto.app.core.settings.schema import Settings, Value
from sotto.app.core.settings.values import parse
from sotto.errors import OutputError, SettingsError
from sotto.regular_file import read_regular

SCHEMA_VERSION = 2  # 1 had no lists and tables; a file of it is one of 2
_DECLARED = tuple(declared.name for declared in fields(Settings))


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
    for source, name, raw in (*_of_file(path, table), *_of_environment(environ)):
        try:
            values[name] = parse(name, raw)
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
    import tomlkit  # noqa: PLC0415 (50 ms that the first sight of the window can spare)

    checked = {name: parse(name, value) for name, value in changes.items()}
    path = settings_path(environ)
    document = _document_to_keep(path)
    for name, value in checked.items():
        _put(document, name, _plain(value))
    _put(document, "schema", max(SCHEMA_VERSION, _schema(document)))
    write_private(path, tomlkit.dumps(document))


def _of_file(path: Path, table: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    return ((str(path), name, table[name]) for name in _DECLARED if name in table)


def _of_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    variables = ((f"SOTTO_{name.upper()}", name) for name in _DECLARED)
    return ((each, name, environ[each]) for each, name in variables if each in environ)


def _read_table(path: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        table = tomllib.loads(read_regular(path).decode())
    except FileNotFoundError:
        return {}, []
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        return {}, [f"{path} cannot be read ({why}); the defaults are used."]
    except (ValueError, RecursionError) as error:
        return {}, [f"{path} is not TOML ({error}); the defaults are used."]
    return table, _table_warnings(path, table)


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


def _document_to_keep(path: Path) -> MutableMapping[str, Any]:
    import tomlkit  # noqa: PLC0415 (as above)

    try:
        content = read_regular(path)
    except FileNotFoundError:
        return tomlkit.document()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise OutputError(f"{path} cannot be read ({why}); nothing was saved.") from error
    try:
        return tomlkit.parse(content)
    except (ValueError, RecursionError):
        write_private(path.with_suffix(".toml.broken"), content)
        return tomlkit.document()


def _put(table: MutableMapping[str, Any], name: str, value: object) -> None:
    """Put a value where the one of before stands; one that is right already stays as written."""
    present = table.get(name)
    # True is 1 for Python, and is not for TOML.
    if present == value and isinstance(present, bool) is isinstance(value, bool):
        return
    if isinstance(value, Mapping) and _is_table_of_texts(present):
        for gone in [key for key in present if key not in value]:
            del present[gone]
        for key, text in value.items():
            _put(present, key, text)
        return
    if isinstance(present, Mapping):
        del table[name]  # its parts may stand apart, as dotted keys do
    table[name] = value


def _is_table_of_texts(present: Any) -> TypeGuard[MutableMapping[str, Any]]:
    """Whether it is one table in one place, so that its lines can be changed one by one."""
    from tomlkit.items import InlineTable, Table  # noqa: PLC0415 (as above)

    is_whole = isinstance(present, Table) and not present.is_super_table()
    return (is_whole or isinstance(present, InlineTable)) and all(
        isinstance(each, str) for each in present.values()
    )


def _plain(value: Value) -> object:
    """Return what TOML has for the value."""
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value


def _schema(table: Mapping[str, Any]) -> int:
    schema = table.get("schema")
    return schema if isinstance(schema, int) else SCHEMA_VERSION
