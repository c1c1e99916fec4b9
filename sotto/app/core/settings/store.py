"""The settings of a running Sotto: one place that holds them, changes them and tells of it."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace

from sotto.app.core.settings.schema import Settings, Value
from sotto.app.core.settings.values import declaration, parse

Told = Callable[[Settings], None]
Save = Callable[[Mapping[str, Value]], None]
Unsubscribe = Callable[[], None]


def _not_saved(_changes: Mapping[str, Value]) -> None:
    """For programs that change nothing."""


class SettingsStore:
    """Whoever needs a setting reads it here when they need it, and keeps no copy.

    Threads: owned by Qt's. Only there is anything changed, subscribed or told. Other threads may
    read `current`, which is one attribute and never changes itself: once a job, so that the job
    sees settings that belong together.

    Args:
        settings: those of all sources; the environment's and the command line's are not saved.
        save: keeps what was changed. It is called in the thread that changes, and must not wait
            for a disk.
    """

    def __init__(self, settings: Settings, save: Save = _not_saved) -> None:
        self._current = settings
        self._save = save
        self._subscriptions: list[_Subscription] = []
        self._untold: deque[tuple[frozenset[str], Settings]] = deque()
        self._is_telling = False

    @property
    def current(self) -> Settings:
        """The settings that hold now."""
        return self._current

    def change(self, **fields: object) -> None:
        """Let these settings have these values, save them, and tell whoever asked for them.

        All subscribers of what differs have been told on return, in the order in which they
        subscribed. One that changes settings itself has that told after its own news.

        Raises:
            SettingsError: there is no such setting, or a value cannot be used; nothing changed.
        """
        checked = {name: parse(name, raw) for name, raw in fields.items()}
        before = self._current
        changed = frozenset(name for name in checked if getattr(before, name) != checked[name])
        self._current = replace(before, **checked)  # type: ignore[arg-type]  # by name, checked
        self._save(checked)
        if changed:
            self._untold.append((changed, self._current))
            self._tell()

    def subscribe(self, names: Iterable[str], callback: Told) -> Unsubscribe:
        """Call `callback` with the new settings, once a change of any of `names`.

        Whoever goes away before the store does must call what is returned. Calling it again does
        nothing.

        Raises:
            SettingsError: there is no such setting.
        """
        subscription = _Subscription(frozenset(declaration(name).name for name in names), callback)
        self._subscriptions.append(subscription)

        def unsubscribe() -> None:
            subscription.is_over = True
            self._subscriptions = [each for each in self._subscriptions if not each.is_over]

        return unsubscribe

    def _tell(self) -> None:
        if self._is_telling or not self._untold:
            return  # whoever tells now goes on with the rest
        self._is_telling = True
        try:
            self._tell_of(*self._untold.popleft())
        finally:
            self._is_telling = False
            self._tell()

    def _tell_of(self, changed: frozenset[str], settings: Settings) -> None:
        # A stack calls all of them, whatever one of them raises; last in, first out.
        with ExitStack() as stack:
            for subscription in reversed(self._subscriptions):
                if subscription.names & changed:
                    stack.callback(subscription.tell, settings)


@dataclass(eq=False)
class _Subscription:
    """Who asked for what."""

    names: frozenset[str]
    callback: Told
    is_over: bool = False

    def tell(self, settings: Settings) -> None:
        if not self.is_over:
            self.callback(settings)
