"""What holding and tapping the hotkey do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.settings import HotkeyMode
from sotto.app.desktop.hotkeys.gesture import HOLD_S, Command, Gesture

START, STOP = Command.START, Command.STOP
modes = st.sampled_from(HotkeyMode)
keys = st.lists(st.tuples(st.booleans(), st.floats(0, 2)))


def _commands(mode: HotkeyMode, *keys: tuple[bool, float]) -> list[Command | None]:
    gesture = Gesture(mode)
    return [gesture.key(is_down, at_s) for is_down, at_s in keys]


@given(modes, keys)
def test_commands_alternate_whatever_the_keys_do(
    mode: HotkeyMode, keys: list[tuple[bool, float]]
) -> None:
    gesture, now_s, told = Gesture(mode), 0.0, []
    for is_down, pause_s in keys:
        now_s += pause_s
        told.append(gesture.key(is_down, now_s))
    commands = [command for command in told if command is not None]
    assert commands == [START, STOP] * (len(commands) // 2) + [START] * (len(commands) % 2)


@given(keys, st.sets(st.integers(0, 20)))
def test_push_to_talk_never_talks_with_the_key_up(
    keys: list[tuple[bool, float]], resets: set[int]
) -> None:
    gesture, is_running = Gesture(HotkeyMode.PUSH_TO_TALK), False
    for number, (is_down, now_s) in enumerate(keys):
        if number in resets:
            gesture.reset()
            is_running = False
        command = gesture.key(is_down, now_s)
        assert command is not (STOP if not is_running else START)
        is_running = is_running if command is None else command is START
        assert not is_running or is_down


@given(modes, keys, keys)
def test_after_a_reset_the_next_press_starts(
    mode: HotkeyMode, before: list[tuple[bool, float]], after: list[tuple[bool, float]]
) -> None:
    gesture = Gesture(mode)
    for is_down, now_s in before:
        gesture.key(is_down, now_s)
    gesture.reset()
    assert gesture.key(False, 5.0) is None
    assert gesture.key(True, 6.0) is START


@given(modes, keys, st.data())
def test_to_tell_it_what_it_asked_for_changes_nothing(
    mode: HotkeyMode, keys: list[tuple[bool, float]], data: st.DataObject
) -> None:
    told, untold, is_running = Gesture(mode), Gesture(mode), False
    for is_down, now_s in keys:
        command = told.key(is_down, now_s)
        assert command is untold.key(is_down, now_s)
        is_running = is_running if command is None else command is START
        if data.draw(st.booleans()):
            told.reset(is_running)


def test_push_to_talk_lasts_as_long_as_the_key_is_held() -> None:
    assert _commands(HotkeyMode.PUSH_TO_TALK, (True, 0), (False, 0.01)) == [START, STOP]


def test_toggle_starts_and_stops_with_each_press() -> None:
    keys = [(True, 0), (False, 9), (True, 10), (False, 11)]
    assert _commands(HotkeyMode.TOGGLE, *keys) == [START, None, STOP, None]


def test_a_tap_goes_on_until_the_next_press() -> None:
    keys = [(True, 0), (False, HOLD_S - 0.01), (True, 5), (False, 9)]
    assert _commands(HotkeyMode.TAP_OR_HOLD, *keys) == [START, None, STOP, None]


def test_a_hold_ends_with_its_release() -> None:
    keys = [(True, 0), (False, HOLD_S), (True, 5), (False, 6)]
    assert _commands(HotkeyMode.TAP_OR_HOLD, *keys) == [START, STOP, START, STOP]


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (HotkeyMode.PUSH_TO_TALK, [None, STOP]),
        (HotkeyMode.TOGGLE, [STOP, None]),
        (HotkeyMode.TAP_OR_HOLD, [STOP, None]),
    ],
)
def test_the_key_ends_what_the_window_began(mode: HotkeyMode, said: list[Command | None]) -> None:
    gesture = Gesture(mode)
    gesture.reset(is_running=True)
    assert [gesture.key(True, 0), gesture.key(False, 1)] == said


def test_a_repeating_key_is_one_press() -> None:
    keys = [(True, 0), (True, 0.5), (True, 1), (False, 1.5)]
    assert _commands(HotkeyMode.TOGGLE, *keys) == [START, None, None, None]
