"""Tells which bound chord the press or the release of a key belongs to."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from sotto.app.desktop.hotkeys.chord import Chord
from sotto.app.desktop.hotkeys.keys import Modifier
from sotto.errors import HotkeyError


class Matcher:
    """The bound chords, and which of them are down. Owned by the thread that listens.

    Key codes are the platform's. Each press that is told is followed by one release, and a key
    that repeats is pressed once.
    """

    def __init__(self) -> None:
        self._bound: dict[str, tuple[Chord, Sequence[int]]] = {}
        # None: its name was unbound while it was down, so it means nothing until it is released.
        self._down: dict[int, str | None] = {}

    @property
    def chords(self) -> dict[str, Chord]:
        """What each name stands for."""
        return {name: chord for name, (chord, _codes) in self._bound.items()}

    def check_free(self, name: str, chord: Chord) -> None:
        """Refuse a chord that stands for something else.

        Raises:
            HotkeyError: another name has it.
        """
        if any(chord == bound and name != other for other, bound in self.chords.items()):
            raise HotkeyError(f"{chord} already does something in Sotto; choose another key.")

    def bind(self, name: str, chord: Chord, codes: Sequence[int]) -> None:
        """Let `name` stand for `chord`, whose key has these codes."""
        self._bound[name] = (chord, codes)

    def rebind(self, name: str, codes: Sequence[int]) -> None:
        """Take note that the key of that name now has other codes."""
        self._bound[name] = (self._bound[name][0], codes)

    def unbind(self, name: str) -> bool:
        """Forget `name`; return whether it was down, so that its release is still owed."""
        self._bound.pop(name, None)
        codes = [code for code, each in self._down.items() if each == name]
        self._down |= dict.fromkeys(codes)
        return bool(codes)

    def key(self, code: int, is_down: bool, modifiers: AbstractSet[Modifier]) -> str | None:
        """Return the name of the chord that this key takes down or up, if any."""
        return self._press(code, modifiers) if is_down else self._release(code)

    def holds(self, code: int) -> bool:
        """Return whether that key is down for a chord, so that no other program may see it."""
        return code in self._down

    def _press(self, code: int, modifiers: AbstractSet[Modifier]) -> str | None:
        if code in self._down:
            return None  # it repeats
        name = self._name(code, modifiers)
        if name is not None:
            self._down[code] = name
        return name

    def _release(self, code: int) -> str | None:
        """Modifiers may have been let go before."""
        return self._down.pop(code, None)

    def _name(self, code: int, modifiers: AbstractSet[Modifier]) -> str | None:
        """Find the chord. Modifiers of another one that is held need not count.

        So Escape cancels what is dictated while Ctrl+Alt+Space is held.
        """
        for wanted in (modifiers, modifiers - self._held_modifiers()):
            for name, (chord, codes) in self._bound.items():
                if code in codes and chord.modifiers == wanted:
                    return name
        return None

    def _held_modifiers(self) -> set[Modifier]:
        down = [self._bound[name][0] for name in self._down.values() if name is not None]
        return {modifier for chord in down for modifier in chord.held}
