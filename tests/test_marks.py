from collections.abc import Callable

import pytest

from tests.helpers import sway as compositors
from tests.marks import STARTED, names_reached
from tools.fixtures.official import official
from tools.fixtures.x_server import x_server


class Screen:
    def open(self) -> None:
        with x_server():
            pass


def on_a_screen() -> Callable[[], None]:
    def nested() -> None:
        Screen().open()

    return nested


def calls_a_helper() -> None:
    on_a_screen()()


def names_a_module() -> None:
    with compositors.sway():
        pass


def without() -> None:
    assert official.__name__ != "x_server"


def test_a_server_is_seen_through_helpers_classes_and_modules() -> None:
    assert STARTED["desktop"] & names_reached(calls_a_helper)
    assert STARTED["desktop"] & names_reached(names_a_module)
    assert not STARTED["desktop"] & names_reached(without)


def test_weights_are_seen() -> None:
    assert STARTED["real_model"] & names_reached(without)
    assert not STARTED["real_model"] & names_reached(calls_a_helper)


@pytest.mark.parametrize("name", sorted(set.union(*STARTED.values())))
def test_what_marks_is_there(name: str) -> None:
    module, _, thing = name.rpartition(".")
    assert hasattr(pytest.importorskip(module), thing)


def test_this_test_is_not_marked(request: pytest.FixtureRequest) -> None:
    assert not {mark.name for mark in request.node.iter_markers()} & STARTED.keys()


def test_a_test_with_a_fixture_that_starts_one_is_marked(
    audio_server: object, request: pytest.FixtureRequest
) -> None:
    assert request.node.get_closest_marker("desktop")
