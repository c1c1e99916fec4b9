"""Settings on Qt's thread: saved without ever waiting, followed as long as an object lives."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from sotto.app.core.settings import Settings, SettingsStore, Value, save
from sotto.app.service.background import Background


class SettingsSaver(QObject):
    """Writes changed settings, one change after another, on a thread of its own."""

    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files = Background("sotto-settings", self)

    def save(self, changes: Mapping[str, Value]) -> None:
        """Write them as soon as those of before are written; `failed` tells if that cannot be."""
        self._files.run(
            lambda: save(changes),
            lambda _: None,
            lambda error: self.failed.emit(str(error)),
        )

    def flush(self, done: Callable[[], None]) -> None:
        """Call `done` once all is written."""
        self._files.run(lambda: None, lambda _: done(), lambda _: done())


def follow(
    settings: SettingsStore,
    names: Iterable[str],
    callback: Callable[[Settings], None],
    owner: QObject,
) -> None:
    """Have `callback` told when any of these settings changes, for as long as `owner` lives."""
    owner.destroyed.connect(settings.subscribe(names, callback))
