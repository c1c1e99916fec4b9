from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from sotto.app.ui.overlay.editor import snapped
from sotto.app.ui.overlay.placement import Placement, box_on, inside, moved_by, placement_from

SCREENS = st.builds(
    QRect,
    st.integers(-4000, 4000),
    st.integers(-4000, 4000),
    st.integers(320, 8000),
    st.integers(240, 5000),
)
PLACEMENTS = st.builds(
    Placement, st.integers(0, 1000), st.integers(0, 1000), st.integers(200, 1000)
)
HEIGHTS = st.integers(20, 240)


@given(SCREENS, PLACEMENTS, HEIGHTS)
def test_the_box_is_on_its_screen(screen: QRect, where: Placement, height: int) -> None:
    box = box_on(screen, where, height)
    assert screen.contains(box)
    assert box.height() == height


@given(SCREENS, PLACEMENTS, HEIGHTS)
def test_a_place_that_was_kept_is_found_again(screen: QRect, where: Placement, height: int) -> None:
    box = box_on(screen, where, height)
    again = box_on(screen, placement_from(screen, box), height)
    slack = max(screen.width(), screen.height()) / 1000 + 2
    assert abs(again.x() - box.x()) <= 2 * slack
    assert abs(again.bottom() - box.bottom()) <= slack
    assert abs(again.width() - box.width()) <= slack


@given(SCREENS, st.builds(QRect, *[st.integers(-9000, 9000)] * 2, *[st.integers(1, 9000)] * 2))
def test_whatever_is_dragged_stays_inside(screen: QRect, box: QRect) -> None:
    assert screen.contains(inside(screen, box))


def test_the_middle_of_the_screen_attracts() -> None:
    screen = QRect(100, 0, 1000, 500)
    assert snapped(screen, QRect(404, 10, 400, 50)).center().x() == screen.center().x()
    assert snapped(screen, QRect(440, 10, 400, 50)).x() == 440


def test_keys_move_no_further_than_the_screen() -> None:
    assert moved_by(Placement(500, 995, 205), 10, 10, -10) == Placement(510, 1000, 200)
    assert moved_by(Placement(5, 0, 1000), -10, -10, 10) == Placement(0, 0, 1000)
