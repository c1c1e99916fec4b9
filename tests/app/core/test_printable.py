import json

from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.printable import UNSHOWN, escaped, printable, printable_lines

ANY = st.text(st.characters())  # halves of surrogate pairs, too


@given(ANY)
def test_it_is_one_line_that_a_terminal_shows_and_does_not_obey(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert len(shown.splitlines()) <= 1
    assert not [each for each in shown if ord(each) < 0x20 or 0x7F <= ord(each) < 0xA0]
    assert shown.encode().decode() == shown
    assert printable(shown) == shown


def test_what_people_write_stays_as_it_is() -> None:
    for text in ("Grüß Gott, 你好, 3 €", "שלום", "👩\u200d👧 नमस्ते", "a\u0301"):
        assert printable(text) == text


def test_what_a_terminal_would_obey_is_seen_to_be_there() -> None:
    assert printable("\x1b[2J\x9b31m\x07.wav") == f"{UNSHOWN}[2J{UNSHOWN}31m{UNSHOWN}.wav"
    assert printable("a\r\nb\tc\u2028d") == "a  b c d"
    assert printable("evil\u202egpj.exe") == f"evil{UNSHOWN}gpj.exe"
    assert printable("\udcff") == UNSHOWN


@given(ANY)
def test_json_says_the_same_and_is_not_obeyed(text: str) -> None:
    line = escaped(json.dumps({"text": text}, ensure_ascii=False))
    assert json.loads(line) == {"text": text}
    assert line == printable(line)


@given(ANY)
def test_lines_stay_lines(text: str) -> None:
    assert printable_lines(text).count("\n") == text.count("\n")
