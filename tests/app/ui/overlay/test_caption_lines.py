import itertools

from hypothesis import given
from hypothesis import strategies as st

from sotto.app.ui.overlay.caption_lines import CaptionLines, Line, pieces

WORDS = st.text("abcdefgh-.,", min_size=1, max_size=12) | st.sampled_from(
    ("Wörter", "你好世界", "😀", "Donaudampfschifffahrtsgesellschaft", "…", "3,5", "مرحبا")
)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)


def roll_of(width: int = 16, n_lines: int = 2) -> CaptionLines:
    """A roll in which every character is one pixel wide."""
    return CaptionLines(len, width, hang=2, n_lines=n_lines)


@given(text=TEXTS, cut=st.integers(0, 60))
def test_pieces_are_the_text(text: str, cut: int) -> None:
    before, after = text[:cut], text[cut:]
    assert "".join(pieces(before, after)) == after


@given(
    steps=st.lists(st.tuples(TEXTS, TEXTS), max_size=10),
    width=st.integers(1, 30),
    n_lines=st.integers(1, 4),
)
def test_certain_words_never_leave_their_line(
    steps: list[tuple[str, str]], width: int, n_lines: int
) -> None:
    roll = roll_of(width, n_lines)
    seen: dict[int, str] = {}
    for committed, tentative in steps:
        roll.settle(committed)
        lines = roll.shown(tentative)
        for number, line in enumerate(lines, roll.top):
            assert line.committed.startswith(seen.get(number, ""))
            seen[number] = line.committed
    whole, end = "".join(committed for committed, _ in steps), 0
    for number in sorted(seen):  # and no word stands in two lines
        end = whole.index(seen[number].strip(), end) + len(seen[number].strip())


@given(steps=st.lists(st.tuples(TEXTS, TEXTS), max_size=10), width=st.integers(3, 30))
def test_no_line_is_wider_than_its_room(steps: list[tuple[str, str]], width: int) -> None:
    roll = roll_of(width)
    for committed, tentative in steps:
        roll.settle(committed)
        for line in roll.shown(tentative):
            assert len(line.text.rstrip()) <= width + 2


@given(steps=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=10), n_lines=st.integers(1, 4))
def test_the_newest_words_are_shown(steps: list[tuple[str, str]], n_lines: int) -> None:
    roll = roll_of(20, n_lines)
    everything = ""
    for committed, tentative in steps:
        roll.settle(committed)
        everything += committed
        lines = roll.shown(tentative)
        assert 1 <= len(lines) <= n_lines
        shown = "".join(line.text for line in lines).replace(" ", "")
        assert (everything + tentative).replace(" ", "").endswith(shown)
        assert lines[-1].text.strip() or not (everything + tentative).strip()


def test_a_full_line_moves_up_and_stays_up() -> None:
    roll = roll_of()
    roll.settle("one two three")
    assert roll.shown(" four five") == (Line("one two three", " "), Line("", "four five"))
    assert roll.shown(" four five six seven") == (
        Line("", "four five six "),
        Line("", "seven"),
    )
    # The guess got shorter: nothing moves down.
    assert roll.shown(" four") == (Line("", "four"),)


def test_a_comma_that_comes_late_hangs_at_the_end_of_its_word() -> None:
    roll = roll_of(width=13)
    roll.settle("one two three")
    roll.settle(", four")
    assert roll.shown() == (Line("one two three, "), Line("four"))


def test_a_word_wider_than_a_line_is_cut() -> None:
    roll = roll_of(width=6, n_lines=4)
    roll.settle("a Donaudampfschiff")
    assert [line.text for line in roll.shown()] == ["a ", "Donaud", "ampfsc", "hiff"]


def test_scripts_without_spaces_break_between_characters() -> None:
    roll = roll_of(width=4, n_lines=4)
    roll.settle("今日は良い天気です。")
    lines = [line.text for line in roll.shown()]
    assert all(len(line) <= 4 for line in lines)
    assert not any(line.startswith("。") for line in lines)


def test_only_the_newest_lines_are_kept() -> None:
    roll = roll_of(n_lines=2)
    for number in itertools.islice(itertools.cycle(range(10)), 1000):
        roll.settle(f" number {number}")
    assert len(roll.shown()) == 2
    assert len(roll._lines) <= 3
