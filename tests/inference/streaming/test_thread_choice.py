"""How many threads a partial gets."""

from sotto.inference.streaming.thread_choice import ALL, GAIN, ONE, QUICK_S, ThreadChoice


def test_one_thread_does_while_it_is_quick() -> None:
    choice = ThreadChoice()
    for held_s in (0.5, 1.0, 2.0, 4.0):
        assert choice.choose(held_s) == ONE
        choice.observe(held_s * QUICK_S / 8.1)


def test_all_threads_come_before_a_growing_window_gets_slow() -> None:
    choice = ThreadChoice()
    choice.choose(4.0)
    choice.observe(0.9 * QUICK_S)
    assert choice.choose(4.4) == ONE
    choice.observe(0.99 * QUICK_S)
    assert choice.choose(4.8) == ALL


def test_all_threads_stay_while_one_would_be_slow() -> None:
    choice = ThreadChoice()
    choice.choose(4.0)
    choice.observe(2 * QUICK_S)
    assert choice.choose(4.0) == ALL
    choice.observe(QUICK_S / GAIN * 1.01)
    assert choice.choose(4.0) == ALL
    choice.observe(QUICK_S / GAIN * 0.99)
    assert choice.choose(4.0) == ONE
