"""Chords as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.desktop.hotkeys import Chord, Modifier
from sotto.app.desktop.hotkeys.keys import KEYS, find_key
from sotto.errors import HotkeyError


def _is_possible(modifiers: frozenset[Modifier], key: str) -> bool:
    try:
        Chord(modifiers, key)
    except HotkeyError:
        return False
    return True


chords = (
    st.tuples(st.frozensets(st.sampled_from(Modifier)), st.sampled_from(sorted(KEYS)))
    .filter(lambda parts: _is_possible(*parts))
    .map(lambda parts: Chord(*parts))
)


@given(chords)
def test_every_chord_reads_back_from_its_words(chord: Chord) -> None:
    assert Chord.parse(str(chord)) == chord


@given(chords)
def test_neither_case_nor_order_nor_spaces_matter(chord: Chord) -> None:
    *modifiers, key = chord.parts
    assert Chord.parse(" + ".join([key.swapcase(), *reversed(modifiers)])) == chord


@given(st.text())
def test_any_text_is_a_chord_or_refused_in_one_line(text: str) -> None:
    said, chord = "", None
    try:
        chord = Chord.parse(text)
    except HotkeyError as error:
        said = str(error)
    assert chord is not None or (said.endswith(".") and len(said.splitlines()) == 1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("control+option+space", "Ctrl+Alt+Space"),
        ("Cmd+F5", "Super+F5"),
        ("win+y", "Super+Y"),
        ("Meta+1", "Super+1"),
        ("Control_R", "Right Ctrl"),
        ("RightCtrl", "Right Ctrl"),
        ("AltGr", "Right Alt"),
        ("ESC", "Escape"),
        ("scroll_lock", "Scroll Lock"),
        ("ctrl + pgup", "Ctrl+Page Up"),
        ("Shift+Ctrl+;", "Ctrl+Shift+;"),
        ("Alt+comma", "Alt+,"),
        ("Prior+Ctrl", "Ctrl+Page Up"),
        ("Pause", "Pause"),
        ("f24", "F24"),
    ],
)
def test_friendly_names_are_understood(text: str, meant: str) -> None:
    assert str(Chord.parse(text)) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "No key is given"),
        (" + ", "No key is given"),
        ("Ctrl+Alt", "needs another key"),
        ("Ctrl++", "needs another key"),
        ("Ctrl+Blork", "“Blork” is not a key"),
        ("Caps Lock", "not a key"),
        ("Ctrl+A+B", "several keys"),
        ("A", "A is needed for writing"),
        ("Shift+7", "^Shift.7 is needed for writing"),
        ("Space", "needed for writing"),
        ("Left", "needed for writing"),
        ("Ctrl+V", "pastes with"),
        ("Shift+Insert", "pastes with"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(HotkeyError, match=said):
        Chord.parse(text)


def test_no_two_keys_share_a_number_or_a_name() -> None:
    keys = KEYS.values()
    assert len({key.windows for key in keys}) == len(keys)
    on_mac = [key.mac for key in keys if key.mac is not None]
    assert len(set(on_mac)) == len(on_mac)
    assert all(find_key(key.name) is key for key in keys)
    assert all(find_key(keysym) is key for key in keys for keysym in key.keysyms)


def test_a_lone_modifier_counts_as_held() -> None:
    assert Chord.parse("Right Ctrl").held == {Modifier.CTRL}
    assert Chord.parse("Alt+F9").held == {Modifier.ALT}
