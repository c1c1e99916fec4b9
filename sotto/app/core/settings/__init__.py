"""What the user can set: declared in `schema`, kept by `settings_file`, changed in `store`."""

from sotto.app.core.settings.schema import (
    CaptionPreset,
    CaptionSource,
    HotkeyMode,
    InsertMethod,
    InsertWhen,
    Settings,
    Task,
    Theme,
    Value,
)
from sotto.app.core.settings.settings_file import (
    SCHEMA_VERSION,
    LoadedSettings,
    load,
    save,
    settings_path,
)
from sotto.app.core.settings.store import SettingsStore
from sotto.app.core.settings.values import parse, words

__all__ = [
    "SCHEMA_VERSION",
    "CaptionPreset",
    "CaptionSource",
    "HotkeyMode",
    "InsertMethod",
    "InsertWhen",
    "LoadedSettings",
    "Settings",
    "SettingsStore",
    "Task",
    "Theme",
    "Value",
    "load",
    "parse",
    "save",
    "settings_path",
    "words",
]
