"""Keys for characters, without a keyboard."""

from hypothesis import given, strategies
from Xlib import XK

from sotto.app.desktop.insertion.inserted_text import cleaned
from sotto.app.desktop.insertion.keymap import Keymap, Stroke, batches, keysym

CYRILLIC_EF, CYRILLIC_CAPITAL_EF = 0x6C6, 0x6E6

# Keycode 8 is free; 9 to 11 write a and A, and in the second layout ф and Ф, and so on.
KEYMAP = Keymap(
    8,
    [
        [0, 0, 0, 0],
        [XK.XK_a, XK.XK_A, CYRILLIC_EF, CYRILLIC_CAPITAL_EF],
        [XK.XK_1, XK.XK_exclam, XK.XK_1, XK.XK_exclam],
        [XK.XK_Return, 0, XK.XK_Return, 0],
    ],
)


def test_characters_have_their_keys() -> None:
    strokes = KEYMAP.strokes(0)
    assert strokes[keysym("a")] == Stroke(9)
    assert strokes[keysym("A")] == Stroke(9, shift=True)
    assert strokes[keysym("\n")] == Stroke(11)
    assert keysym("ф") not in strokes
    assert KEYMAP.free == (8,)


def test_layout_that_writes_most_is_taken() -> None:
    assert KEYMAP.best_group("a!", current=0) == 0
    assert KEYMAP.best_group("a!", current=1) == 0
    assert KEYMAP.best_group("1!", current=1) == 1


@given(strategies.text(), strategies.sets(strategies.characters()), strategies.integers(1, 20))
def test_batches_hold_the_text_and_few_new_keys(text: str, known: set[str], free: int) -> None:
    symbols = {keysym(character) for character in known}
    pieces = list(batches(text, symbols, free))
    assert "".join(pieces) == text
    assert all(len({keysym(each) for each in piece} - symbols) <= free for piece in pieces)
    assert all(pieces)


@given(strategies.text())
def test_cleaned_text_has_no_commands(text: str) -> None:
    clean = cleaned(text)
    assert cleaned(clean) == clean
    assert not any(ord(each) < 0x20 and each not in "\n\t" for each in clean)
    assert "\x1b" not in cleaned("\x1b[31m" + text)


def test_lines_end_in_one_way() -> None:
    assert cleaned("one\r\ntwo\rthree\nfour\tfive\x00") == "one\ntwo\nthree\nfour\tfive"
