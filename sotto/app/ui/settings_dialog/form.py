"""The values on all pages: checked when they are edited, shown again when they change."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from sotto.app.core.settings import Settings, Value, parse
from sotto.app.ui.fields.fields import Field
from sotto.errors import SettingsError

Refuse = Callable[[str], None]
"""Shows beside a field why its value cannot be used; empty once it can."""


class Form(QObject):
    """Holds the settings that the fields show. `changed` is the user's doing, never a caller's."""

    changed = Signal(object)  # dict[str, Value]; Qt's own kind of dict would lose the enums
    shown = Signal()  # the settings are others now, whoever changed them

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self._fields: dict[str, Field] = {}
        self._refusals: dict[str, Refuse] = {}

    def bind(self, name: str, field: Field, refuse: Refuse) -> None:
        """Let `field` show and edit the setting `name`."""
        self._fields[name], self._refusals[name] = field, refuse
        field.show_value(getattr(self.settings, name))
        field.refused.connect(refuse)
        field.edited.connect(lambda value: self._edit(name, value, refuse))

    def field(self, name: str) -> Field:
        """Return the field of a setting."""
        return self._fields[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The settings that have a field."""
        return tuple(self._fields)

    def show(self, settings: Settings) -> None:
        """Show settings that were changed elsewhere."""
        before, self.settings = self.settings, settings
        for name, field in self._fields.items():
            value = getattr(settings, name)
            if value != getattr(before, name):
                field.show_value(value)
        self.shown.emit()

    def put(self, changes: dict[str, Value]) -> None:
        """Change settings in the user's name, such as back to their defaults."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # by name
        for name, value in changes.items():
            if name in self._fields:
                self._fields[name].show_value(value)
        self.shown.emit()
        self.changed.emit(changes)

    def show_again(self, names: Iterable[str]) -> None:
        """Show the present values in place of what was refused."""
        for name in names:
            self._fields[name].show_value(getattr(self.settings, name))
            self._refusals[name]("")

    def values(self, names: Iterable[str]) -> dict[str, Value]:
        """Return the present values of these settings."""
        return {name: getattr(self.settings, name) for name in names}

    def _edit(self, name: str, raw: Value, refuse: Refuse) -> None:
        try:
            value = parse(name, raw)
        except SettingsError as error:
            refuse(str(error))
            return
        refuse("")
        if value != getattr(self.settings, name):
            self.settings = replace(self.settings, **{name: value})  # type: ignore[arg-type]
            self.shown.emit()
            self.changed.emit({name: value})
