"""Settings that note which of them are read."""

from collections.abc import Callable, Iterable
from typing import cast

from sotto.app.core.settings import Settings


class _Watched:
    def __init__(self, settings: Settings, read: set[str]) -> None:
        self._settings = settings
        self._read = read

    def __getattr__(self, name: str) -> object:
        self._read.add(name)
        return getattr(self._settings, name)


def names_read(
    settings: Iterable[Settings], readers: Iterable[Callable[[Settings], object]]
) -> set[str]:
    """Return the names of all settings that `readers` read of any of `settings`."""
    read: set[str] = set()
    readers = tuple(readers)
    for each in settings:
        watched = cast("Settings", _Watched(each, read))
        for reader in readers:
            reader(watched)
    return read
