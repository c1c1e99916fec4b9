"""Settings on Qt's thread: saved without ever waiting, followed as long as an object lives."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from sotto.app.core.settings import Settings, SettingsStore, Value, save
from sotto.app.service.storage.persistent_writes import PersistentWrites


class SettingsSaver(QObject):
    """Writes changed settings, one change after another, on a thread of its own."""

    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files = PersistentWrites("sotto-settings", self)
        self._files.failed.connect(self.failed)

    def save(self, changes: Mapping[str, Value]) -> None:
        """Write them as soon as those of before are written; `failed` tells if that cannot be."""
        self._files.write(lambda: save(changes))

    def flush(self, done: Callable[[], None]) -> None:
        """Call `done` once all is written that can be."""
        self._files.flush(done)


def follow(
    settings: SettingsStore,
    names: Iterable[str],
    callback: Callable[[Settings], None],
    owner: QObject,
) -> None:
    """Have `callback` told when any of these settings changes, for as long as `owner` lives."""
    owner.destroyed.connect(settings.subscribe(names, callback))
