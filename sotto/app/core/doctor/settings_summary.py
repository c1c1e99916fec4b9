"""The user's settings, as far as they tell nothing of the user."""

from collections.abc import Iterator, Sized
from dataclasses import fields
from enum import Enum

from sotto.app.core.models.model_names import BASIC, STARTER, parse
from sotto.app.core.settings import Settings

ANOTHER = "another"  # model than one of those that everybody knows

# Texts that can only be one of a few that Sotto knows. Any other text, such as a new setting's, is
# taken for the user's own.
_IMPERSONAL = {
    "language", "languages", "hotkey", "hotkeys", "cancel_key",
    "overlay_text", "overlay_tentative", "overlay_background",
}  # fmt: skip


def settings_lines(settings: Settings) -> Iterator[str]:
    """Yield a line for each setting that is not as it comes; of texts of the user's, how many."""
    standard = Settings()
    for declared in fields(Settings):
        value = getattr(settings, declared.name)
        if value != getattr(standard, declared.name):
            yield f"{declared.name} = {_shown(declared.name, value)}"


def known_model(name: str) -> str:
    """Return a published model's name, or that it is another: those are named by the user."""
    if name in {BASIC, STARTER}:
        return BASIC
    parsed = parse(name)
    return str(parsed) if parsed else ANOTHER


def _shown(name: str, value: object) -> object:
    if name == "model":
        return known_model(str(value))
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool | int) or name in _IMPERSONAL:
        return value
    if isinstance(value, str):
        return "set"
    return f"{len(value)} of them" if isinstance(value, Sized) else "set"
