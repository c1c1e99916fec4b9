import threading

from sotto.app.dictating.recognising.watchdog import SLICE_S, Watchdog

PATIENCE_S = 60  # of this test, on a machine that stalls


def test_it_bites_when_something_takes_too_long() -> None:
    bitten = threading.Event()
    with Watchdog(0.01, bitten.set) as watchdog:
        assert bitten.wait(PATIENCE_S)
    assert watchdog.has_bitten


def test_what_is_over_is_not_bitten() -> None:
    bites: list[None] = []
    watchdog = Watchdog(0.01, lambda: bites.append(None))
    # It has no time to bite before the end, which has the lock.
    watchdog._lock.acquire()
    threads = threading.active_count()
    watchdog.__enter__()
    while not watchdog._left_s <= 0:
        threading.Event().wait(0.001)
    watchdog._over.set()
    watchdog._lock.release()
    while threading.active_count() > threads:
        threading.Event().wait(0.001)
    assert not bites
    assert not watchdog.has_bitten


def test_signs_of_life_calm_it() -> None:
    bitten = threading.Event()
    with Watchdog(8 * SLICE_S, bitten.set) as watchdog:
        for _ in range(3):
            while watchdog._left_s > 6 * SLICE_S:
                threading.Event().wait(0.001)
            watchdog.calm()
            assert watchdog._left_s == 8 * SLICE_S
    assert not bitten.is_set()
