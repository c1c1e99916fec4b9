"""What the user can set, declared once with type, default and words; kept as TOML.

Precedence: command line, then environment (`SOTTO_FONT_SIZE=20`), then file, then default. The
file is `settings.toml` in the user's configuration folder, or in `SOTTO_CONFIG_DIR`.
"""

import contextlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import platformdirs
import tomli_w

from sotto.app.core.private_file import write_private
from sotto.errors import OutputError, SettingsError
from sotto.inference.compute_type import ComputeType, best_compute_type

SCHEMA_VERSION = 1
Value = str | int


class Theme(StrEnum):
    """The colours of the window."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def _text(default: str, words: str) -> Any:
    return field(default=default, metadata={"words": words})


def _whole(default: int, low: int, high: int, words: str) -> Any:
    return field(default=default, metadata={"words": words, "low": low, "high": high})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting. An empty `microphone` means the system's default one."""

    microphone: str = _text("", "Name of the microphone; empty for the system's default")
    model: str = _text("starter-en", "Name, folder or hub id of the model")
    language: str = _text("en", "Language that is spoken, as a code such as en")
    compute_type: ComputeType = field(
        default=best_compute_type(),
        metadata={"words": "int8, or float32: slower, and as exact as Whisper itself"},
    )
    theme: Theme = field(default=Theme.SYSTEM, metadata={"words": "Colours of the window"})
    font_size: int = _whole(14, 8, 48, "Size of the text in points")
    aggressiveness: int = _whole(2, 0, 3, "How strictly speech is told from noise; 3 is strictest")
    onset_ms: int = _whole(120, 20, 1000, "Voice that begins a paragraph, in milliseconds")
    pre_roll_ms: int = _whole(600, 0, 2000, "Sound kept from before the first word, milliseconds")
    pause_ms: int = _whole(200, 60, 2000, "Silence after which the final pass may begin")
    hang_over_ms: int = _whole(600, 200, 5000, "Silence that ends a paragraph, in milliseconds")


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
    plain = {
        name: str(value) if isinstance(value, str) else value for name, value in checked.items()
    }
    write_private(path, tomli_w.dumps({"schema": SCHEMA_VERSION, **table, **plain}))


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
        if isinstance(raw, str):
            return raw
        raise SettingsError(f"{name} = {raw!r} is not a text; put it in quotes.")
    return _within_range(declared, _as_whole_number(name, raw))


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
