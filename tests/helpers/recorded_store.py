"""A store of settings that writes no file and notes what would be written."""

from sotto.app.core.settings import Settings, SettingsStore, Value


class RecordedStore(SettingsStore):
    """`saved` are the changes in their order."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.saved: list[dict[str, Value]] = []
        super().__init__(settings or Settings(), lambda changes: self.saved.append(dict(changes)))
