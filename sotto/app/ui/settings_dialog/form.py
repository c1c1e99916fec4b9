"""The values on all pages: checked when they are edited, shown again when they change."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject

from sotto.app.core.settings import Settings, SettingsStore, Value, parse
from sotto.app.service.qt_settings import follow
from sotto.app.ui.fields.fields import Field
from sotto.errors import SettingsError

Refuse = Callable[[str], None]
"""Shows beside a field why its value cannot be used; empty once it can."""


class Form(QObject):
    """Lets fields show and change the settings."""

    def __init__(self, store: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self._edited = ""  # the setting whose field the user is in: it shows what they typed
        self._fields: dict[str, Field] = {}
        self._refusals: dict[str, Refuse] = {}

    def bind(self, name: str, field: Field, refuse: Refuse) -> None:
        """Let `field` show and edit the setting `name`."""
        self._fields[name], self._refusals[name] = field, refuse
        self.follow((name,), lambda: self._show(name))
        field.refused.connect(refuse)
        field.edited.connect(lambda value: self._edit(name, value, refuse))

    def follow(self, names: Iterable[str], callback: Callable[[], None]) -> None:
        """Call `callback` now and whenever one of these settings changes."""
        follow(self.store, names, lambda _: callback(), self)
        callback()

    @property
    def settings(self) -> Settings:
        """The settings that the fields show."""
        return self.store.current

    def field(self, name: str) -> Field:
        """Return the field of a setting."""
        return self._fields[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The settings that have a field."""
        return tuple(self._fields)

    def put(self, changes: Mapping[str, Value]) -> None:
        """Change settings in the user's name, such as back to their defaults."""
        self.store.change(**changes)

    def show_again(self, names: Iterable[str]) -> None:
        """Show the present values in place of what was refused."""
        for name in names:
            self._show(name)
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
            self._edited = name
            try:
                self.store.change(**{name: value})
            finally:
                self._edited = ""

    def _show(self, name: str) -> None:
        if name != self._edited:
            self._fields[name].show_value(getattr(self.settings, name))
