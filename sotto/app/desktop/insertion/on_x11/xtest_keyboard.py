"""Keys as if the user pressed them, by the XTEST extension."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum, auto

from Xlib import XK, X
from Xlib.display import Display

from sotto.app.desktop.insertion.keymap import Keymap, Stroke, batches, keysym
from sotto.app.desktop.insertion.on_x11.xkb import Xkb
from sotto.errors import InsertionError

# Enters with whether keys reach the window that they are meant for; until it is left, they do.
IsFocused = Callable[[], bool]
# Whether the program has read all keys so far, asked after each piece of text so that a slow one is
# not flooded; None if it cannot say.
HasRead = Callable[[], bool | None]

# How often the keyboard is looked at while the user still holds keys.
LOOK_EVERY_S = 0.02
# Programs know of new keys before they get any, as both come in one stream. An input method is
# another program and reads another stream: give it time.
MAPPING_SETTLES_S = 0.1
# For programs that cannot say that they have read their keys: with less than this, keys lost their
# lent characters too early on a machine under load.
KEYS_READ_WITHIN_S = 0.4
# Characters sent between two looks at the focus.
PIECE = 40


class Hold(Enum):
    """What keeps text from being written by keys."""

    NOTHING = auto()
    KEYS = auto()  # the user holds modifiers down
    GRAB = auto()  # a program takes all keys: a lock, a password prompt, an open menu


class Keyboard:
    """The keyboard of `display`, on whose thread it is used."""

    def __init__(self, display: Display) -> None:
        if not display.has_extension("XTEST"):
            raise InsertionError("the X server has no XTEST extension; set insert_method=clipboard")
        self._display = display
        self._xkb = Xkb(display)
        # Never shown, so that grabbing the keyboard for it always fails: as AlreadyGrabbed if a
        # program has it, else as GrabNotViewable. Asking so disturbs nobody.
        self._hidden = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)

    def wait_until_free(self, limit_s: float) -> Hold:
        """Wait until no modifier is held and no program takes all keys, at most `limit_s`."""
        deadline = time.monotonic() + limit_s
        while (hold := self._hold()) is not Hold.NOTHING and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_S)
        return hold

    def has(self, *keys: int) -> bool:
        """Whether one layout has all of `keys` (keysyms)."""
        return self._layout_with(keys) is not None

    def press(self, key: int, *modifiers: int, times: int = 1) -> None:
        """Press the key of keysym `key`, `times` over, while `modifiers` (keysyms) are held.

        Raises:
            InsertionError: no layout has them all.
        """
        layout = self._layout_with((key, *modifiers))
        if layout is None:
            name = XK.keysym_to_string(key) or hex(key)
            raise InsertionError(f"the keyboard layout has no key for {name}; add a Latin layout")
        group, strokes = layout
        with self._xkb.locked(group), self._held([strokes[each].keycode for each in modifiers]):
            for _ in range(times):
                self._tap(strokes[key].keycode)
        self._display.sync()

    def type(self, text: str, is_focused: IsFocused, has_read: HasRead) -> int:
        """Write `text` and say how many characters were written before the focus moved.

        Raises:
            InsertionError: the program has stopped reading keys, or no key is to spare.
        """
        keymap = self._keymap()
        group = keymap.best_group(text, self._group())
        known = keymap.strokes(group)
        if not keymap.free and any(keysym(character) not in known for character in text):
            raise InsertionError("the keyboard layout has no key to spare; set insert_method=paste")
        written = 0
        with self._xkb.locked(group):
            for batch in batches(text, known, len(keymap.free)):
                with self._lent(batch, known, keymap.free) as strokes:
                    sent = self._type_pieces(batch, strokes, is_focused, has_read)
                    if len(strokes) > len(known) and has_read() is None:
                        time.sleep(KEYS_READ_WITHIN_S)  # only then may lent keys be taken back
                written += sent
                if sent < len(batch):
                    break
        return written

    def _type_pieces(
        self,
        text: str,
        strokes: Mapping[int, Stroke],
        is_focused: IsFocused,
        has_read: HasRead,
    ) -> int:
        shift = strokes[XK.XK_Shift_L].keycode
        for start in range(0, len(text), PIECE):
            if not is_focused():
                return start
            for character in text[start : start + PIECE]:
                stroke = strokes[keysym(character)]
                with self._held([shift] if stroke.shift else []):
                    self._tap(stroke.keycode)
            self._display.sync()
            if has_read() is False:
                raise InsertionError("the program stopped reading; part of the text may be missing")
        return len(text)

    @contextmanager
    def _lent(
        self, text: str, known: Mapping[int, Stroke], free: Sequence[int]
    ) -> Iterator[Mapping[int, Stroke]]:
        """Lend the keysyms of `text` that no key has to `free` keys; all at once, as it is slow."""
        new = sorted({keysym(character) for character in text} - known.keys())
        lent = dict(zip(new, free, strict=False))
        try:
            for symbol, code in lent.items():
                # Twice: one keysym alone means its small letter, and itself with Shift.
                self._display.change_keyboard_mapping(code, [(symbol, symbol)])
            self._display.sync()
            if lent:
                time.sleep(MAPPING_SETTLES_S)
            yield {**known, **{symbol: Stroke(code) for symbol, code in lent.items()}}
        finally:
            for code in lent.values():
                self._display.change_keyboard_mapping(code, [(X.NoSymbol, X.NoSymbol)])
            self._display.sync()

    @contextmanager
    def _held(self, codes: Sequence[int]) -> Iterator[None]:
        for code in codes:
            self._display.xtest_fake_input(X.KeyPress, code)
        try:
            yield
        finally:
            for code in reversed(codes):
                self._display.xtest_fake_input(X.KeyRelease, code)

    def _tap(self, code: int) -> None:
        self._display.xtest_fake_input(X.KeyPress, code)
        self._display.xtest_fake_input(X.KeyRelease, code)

    def _hold(self) -> Hold:
        down = self._display.query_keymap()
        modifiers = {code for row in self._display.get_modifier_mapping() for code in row if code}
        if any(down[code // 8] >> (code % 8) & 1 for code in modifiers):
            return Hold.KEYS
        answer = self._hidden.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
        if answer != X.AlreadyGrabbed:
            return Hold.NOTHING
        return Hold.KEYS if any(down) else Hold.GRAB

    def _layout_with(self, keys: Collection[int]) -> tuple[int, Mapping[int, Stroke]] | None:
        keymap = self._keymap()
        for group in (self._group(), 0, 1):
            strokes = keymap.strokes(group)
            if all(key in strokes for key in keys):
                return group, strokes
        return None

    def _group(self) -> int:
        """The layout in use, or the first: of the third and fourth the core mapping is silent."""
        group = self._xkb.locks().group
        return group if group < 2 else 0

    def _keymap(self) -> Keymap:
        info = self._display.display.info
        count = info.max_keycode - info.min_keycode + 1
        rows = self._display.get_keyboard_mapping(info.min_keycode, count)
        return Keymap(info.min_keycode, rows)
