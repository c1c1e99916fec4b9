"""Which chord a key belongs to."""

from hypothesis import given
from hypothesis import strategies as st

from sotto.app.desktop.hotkeys import Chord, Modifier
from sotto.app.desktop.hotkeys.matcher import Matcher

SPACE, ESCAPE, RIGHT_CTRL = 65, 9, 105
CTRL_ALT = frozenset({Modifier.CTRL, Modifier.ALT})


def _matcher() -> Matcher:
    matcher = Matcher()
    matcher.bind("dictate", Chord.parse("Ctrl+Alt+Space"), [SPACE])
    matcher.bind("cancel", Chord.parse("Escape"), [ESCAPE])
    return matcher


def test_only_exactly_its_modifiers_make_a_chord() -> None:
    matcher = _matcher()
    assert matcher.key(SPACE, True, {Modifier.CTRL}) is None
    assert matcher.key(SPACE, True, {*CTRL_ALT, Modifier.SHIFT}) is None
    assert not matcher.holds(SPACE)
    assert matcher.key(SPACE, True, CTRL_ALT) == "dictate"
    assert matcher.holds(SPACE)


def test_a_repeat_is_silent_and_the_release_needs_no_modifiers() -> None:
    matcher = _matcher()
    matcher.key(SPACE, True, CTRL_ALT)
    assert matcher.key(SPACE, True, CTRL_ALT) is None
    assert matcher.key(SPACE, True, frozenset()) is None
    assert matcher.key(SPACE, False, frozenset()) == "dictate"
    assert matcher.key(SPACE, False, frozenset()) is None


def test_escape_is_heard_while_another_chord_is_held() -> None:
    matcher = _matcher()
    assert matcher.key(ESCAPE, True, CTRL_ALT) is None
    matcher.key(SPACE, True, CTRL_ALT)
    assert matcher.key(ESCAPE, True, CTRL_ALT) == "cancel"


def test_escape_is_heard_while_a_modifier_is_the_hotkey() -> None:
    matcher = _matcher()
    matcher.bind("talk", Chord.parse("Right Ctrl"), [RIGHT_CTRL])
    assert matcher.key(RIGHT_CTRL, True, frozenset()) == "talk"
    assert matcher.key(ESCAPE, True, {Modifier.CTRL}) == "cancel"


def test_a_key_unbound_while_down_means_nothing_until_it_is_released() -> None:
    matcher = _matcher()
    matcher.key(ESCAPE, True, frozenset())
    assert matcher.unbind("cancel")
    assert not matcher.unbind("cancel")
    matcher.bind("cancel", Chord.parse("Escape"), [ESCAPE])
    assert matcher.key(ESCAPE, True, frozenset()) is None  # it repeats
    assert matcher.holds(ESCAPE)
    assert matcher.key(ESCAPE, False, frozenset()) is None
    assert matcher.key(ESCAPE, True, frozenset()) == "cancel"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("press", "release", "unbind", "bind")),
            st.sampled_from((SPACE, ESCAPE)),
            st.sampled_from((frozenset(), CTRL_ALT)),
        )
    )
)
def test_every_press_that_is_told_has_one_release(
    steps: list[tuple[str, int, frozenset[Modifier]]],
) -> None:
    matcher, down = _matcher(), set()
    for step, code, modifiers in steps:
        name = "dictate" if code == SPACE else "cancel"
        if step == "press":
            pressed = matcher.key(code, True, modifiers)
            assert pressed is None or pressed not in down
            down |= {pressed} - {None}
        elif step == "release":
            released = matcher.key(code, False, frozenset())
            assert (released is not None) == (name in down)
            down.discard(name)
        elif step == "unbind":
            assert matcher.unbind(name) == (name in down)
            down.discard(name)
        else:
            matcher.bind(
                name, Chord.parse("Escape" if code == ESCAPE else "Ctrl+Alt+Space"), [code]
            )
