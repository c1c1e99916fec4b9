"""The keymaps by which any text can be typed. That programs take them is tested with insertion."""

from hypothesis import given
from hypothesis import strategies as st

from sotto.app.desktop.wayland.virtual_keyboard import batches, keymap_for

N_PLACES = 45
TYPED = st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t"))


@given(TYPED)
def test_batches_are_the_text_and_fit_a_keymap(text: str) -> None:
    pieces = list(batches(text))
    assert "".join(pieces) == text
    assert all(len(set(piece)) <= N_PLACES for piece in pieces)


@given(TYPED)
def test_each_letter_has_a_key_of_its_own_that_writes_it(text: str) -> None:
    for piece in batches(text):
        codes, keymap = keymap_for(piece)
        letters = set(piece)
        assert len({codes[letter] for letter in letters}) == len(letters)
        for letter in letters - set(" \n\t"):
            assert f"[ U{ord(letter):04X} ]" in keymap


def test_few_keymaps_are_needed() -> None:
    assert len(list(batches("The quick brown fox jumps over the lazy dog. " * 100))) == 1
