"""A chord: the keys that are pressed together, as people write them."""

from dataclasses import dataclass

from sotto.app.desktop.hotkeys.keys import KEYS, Key, Modifier, find_key
from sotto.errors import HotkeyError

_ALIASES = {
    "control": Modifier.CTRL,
    "option": Modifier.ALT,
    "opt": Modifier.ALT,
    "win": Modifier.SUPER,
    "windows": Modifier.SUPER,
    "meta": Modifier.SUPER,
    "cmd": Modifier.SUPER,
    "command": Modifier.SUPER,
}
_MODIFIERS = {modifier.lower(): modifier for modifier in Modifier} | _ALIASES
# What Sotto itself presses to put text into other programs.
_PASTES = frozenset({"Ctrl+V", "Ctrl+Shift+V", "Shift+Insert", "Super+V"})
_SUCH_AS = "such as Ctrl+Alt+Space or F9"


@dataclass(frozen=True, slots=True)
class Chord:
    """Keys pressed together. Whatever exists can be a hotkey: what cannot work is refused.

    Attributes:
        modifiers: what is held.
        key: what is pressed; a name from `keys.KEYS`.

    Raises:
        HotkeyError: when made of keys that cannot be a hotkey.
    """

    modifiers: frozenset[Modifier]
    key: str

    def __post_init__(self) -> None:
        if self.key not in KEYS:
            raise HotkeyError(f"“{self.key}” is not a key that Sotto knows; name one {_SUCH_AS}.")
        if KEYS[self.key].edits and not self.modifiers - {Modifier.SHIFT}:
            raise HotkeyError(f"{self} is needed for writing; add Ctrl, Alt or Super to it.")
        if str(self) in _PASTES:
            raise HotkeyError(f"{self} is what Sotto pastes with; choose another key.")

    @classmethod
    def parse(cls, text: str) -> "Chord":
        """Return the chord that `text` names, such as `Ctrl+Alt+Space` or `cmd + f5`.

        Raises:
            HotkeyError: it names none, or one that cannot work.
        """
        names = [" ".join(name.split()) for name in text.split("+") if name.strip()]
        if not names:
            raise HotkeyError(f"No key is given; name one {_SUCH_AS}.")
        modifiers = [_MODIFIERS[name.lower()] for name in names if name.lower() in _MODIFIERS]
        keys = [name for name in names if name.lower() not in _MODIFIERS]
        return cls(frozenset(modifiers), _one_key(keys, "+".join(names)).name)

    @property
    def held(self) -> frozenset[Modifier]:
        """The modifiers that other keys see while the chord is down."""
        own = KEYS[self.key].modifier
        return self.modifiers | {own} if own else self.modifiers

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of its keys, in the order in which they are written."""
        return (*(m.value for m in Modifier if m in self.modifiers), self.key)

    def __str__(self) -> str:
        return "+".join(self.parts)


def taken(chord: Chord) -> HotkeyError:
    """Return the error about a chord that another program has."""
    return HotkeyError(
        f"{chord} is taken by another program; choose another key in Sotto's settings."
    )


def _one_key(names: list[str], text: str) -> Key:
    if not names:
        raise HotkeyError(f"{text} needs another key with it, as in Ctrl+Alt+Space.")
    if len(names) > 1:
        raise HotkeyError(f"“{text}” names several keys; keep one beside Ctrl, Alt, Shift, Super.")
    key = find_key(names[0])
    if key is None:
        raise HotkeyError(f"“{names[0]}” is not a key that Sotto knows; name one {_SUCH_AS}.")
    return key
