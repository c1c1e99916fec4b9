"""Presses and releases as an X server sends them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.desktop.hotkeys.debounce import BOUNCE_MS, Debouncer, KeyEvent

DOWN, UP = KeyEvent(65, True), KeyEvent(65, False)


def test_a_held_key_that_repeats_is_one_press() -> None:
    keys = Debouncer()
    told = keys.press(65, 1000)
    for at_ms in range(1500, 2500, 40):
        keys.release(65, at_ms, at_ms / 1000)
        told += keys.press(65, at_ms)
        told += keys.due(at_ms / 1000)
    keys.release(65, 2600, 2.6)
    assert keys.due(2.6) == []
    assert told == [DOWN]
    assert keys.due(2.7) == [UP]
    assert keys.due(2.8) == []


def test_quick_taps_are_told_apart() -> None:
    keys = Debouncer()
    told = keys.press(65, 0)
    keys.release(65, 10, 0.01)
    # The thread came late: the second press is read before the first release was due.
    told += keys.press(65, 10 + BOUNCE_MS + 1)
    assert told == [DOWN, UP, DOWN]


def test_a_press_without_a_release_before_it_ends_the_first() -> None:
    keys = Debouncer()
    assert keys.press(65, 0) + keys.press(65, 5000) == [DOWN, UP, DOWN]


def test_the_release_of_a_key_that_was_never_pressed_says_nothing() -> None:
    keys = Debouncer()
    keys.release(65, 0, 0)
    assert keys.wait_s(0) is None
    assert keys.due(9) == []


def test_the_wait_is_until_the_next_release_is_certain() -> None:
    keys = Debouncer()
    keys.press(65, 0)
    keys.release(65, 1, 1.0)
    assert keys.wait_s(1.0) == pytest.approx(BOUNCE_MS / 1000)
    assert keys.wait_s(5.0) == 0


@given(st.lists(st.tuples(st.sampled_from("pr"), st.sampled_from((1, 2)), st.integers(0, 100))))
def test_presses_and_releases_of_each_key_alternate(steps: list[tuple[str, int, int]]) -> None:
    keys, now_ms, told = Debouncer(), 0, []
    for step, code, pause_ms in steps:
        now_ms += pause_ms
        if step == "p":
            told += keys.press(code, now_ms)
        else:
            keys.release(code, now_ms, now_ms / 1000)
        told += keys.due(now_ms / 1000)
    told += keys.due(now_ms + BOUNCE_MS)
    for code in (1, 2):
        downs = [event.is_down for event in told if event.code == code]
        assert all(downs[i] is (i % 2 == 0) for i in range(len(downs)))
