from hypothesis import given
from hypothesis import strategies as st

from sotto.audio.files.missing import Missing, added, told
from sotto.audio.files.timeline import GAP_S, MAX_SILENCE_S, Timeline

stamps = st.none() | st.floats(-1e9, 1e9) | st.floats(-1, 20)


def test_frames_in_a_row_have_no_gap() -> None:
    timeline = Timeline(2.0, is_exact=True)
    for stamp_s in (0.0, 1.001):  # as Matroska rounds it
        assert timeline.gap_before(stamp_s) == (0.0, None)
        timeline.advance(1.0)
    assert timeline.end() is None


def test_sound_that_begins_later_and_pauses_stands_where_the_film_has_it() -> None:
    timeline = Timeline(9.0, is_exact=True)
    assert timeline.gap_before(3.0) == (3.0, None)
    timeline.advance(1.0)
    assert timeline.gap_before(8.0) == (4.0, None)
    timeline.advance(1.0)
    assert timeline.end() is None


def test_a_damaged_packet_leaves_a_place_without_sound() -> None:
    timeline = Timeline(10.0, is_exact=True)
    timeline.advance(2.0)
    timeline.damage()
    assert timeline.gap_before(2.5) == (0.5, Missing(2.0, 2.5))
    timeline.advance(1.0)
    timeline.damage()
    assert timeline.end() == Missing(3.5, 10.0)


def test_damage_that_takes_no_time_takes_no_sound() -> None:
    """Players meet tags at the end of MP3 files, and go on."""
    timeline = Timeline(None, is_exact=False)
    timeline.advance(2.0)
    timeline.damage()
    assert timeline.gap_before(2.0) == (0.0, None)
    assert timeline.end() is None


def test_an_estimated_length_is_believed_only_where_there_is_damage() -> None:
    timeline = Timeline(100.0, is_exact=False)
    timeline.advance(60.0)
    assert timeline.end() is None
    timeline.damage()
    assert timeline.end() == Missing(60.0, 100.0)


def test_a_file_that_is_cut_off_has_an_end_that_nobody_knows() -> None:
    timeline = Timeline(None, is_exact=False)
    timeline.advance(2.0)
    assert timeline.end(is_cut=True) == Missing(2.0, None)


def test_a_stamp_behind_the_end_of_the_file_is_not_believed() -> None:
    timeline = Timeline(10.0, is_exact=True)
    timeline.advance(1.0)
    assert timeline.gap_before(5_000.0) == (0.0, None)
    timeline.advance(1.0)
    assert timeline.gap_before(5_001.0) == (0.0, None)  # what follows is counted from there
    assert timeline.gap_before(5_002.0) == (1.0, None)


@given(
    st.none() | st.floats(0, 1e9),
    st.booleans(),
    st.lists(st.tuples(st.booleans(), stamps, st.floats(0.001, 5)), max_size=30),
)
def test_time_goes_forward_and_silence_has_a_bound(
    length_s: float | None, is_exact: bool, frames: list[tuple[bool, float | None, float]]
) -> None:
    timeline, silence_s, missing = Timeline(length_s, is_exact=is_exact), 0.0, list[Missing]()
    for is_damaged, stamp_s, seconds in frames:
        if is_damaged:
            timeline.damage()
        before_s = timeline.position_s
        gap_s, place = timeline.gap_before(stamp_s)
        silence_s += gap_s
        assert gap_s == 0 or (is_damaged or gap_s > GAP_S)
        assert timeline.position_s == before_s + gap_s
        if place is not None:
            assert is_damaged
            missing = added(missing, place)
        timeline.advance(seconds)
    assert silence_s <= MAX_SILENCE_S
    starts = [place.start_s for place in missing]
    assert starts == sorted(starts)


def test_places_are_told_in_one_line() -> None:
    places = [Missing(1.04, 2.0), Missing(5.0, 7.5), Missing(9.0, None)]
    assert told(places[:1]) == "1.0–2.0 s"  # noqa: RUF001
    assert told(places) == "1.0–2.0 s, 5.0–7.5 s and from 9.0 s on"  # noqa: RUF001
    many = [Missing(n, n + 0.5) for n in range(9)]
    assert told(many).endswith("4.0–4.5 s and 4 more places")  # noqa: RUF001


def test_damage_close_to_damage_is_one_place() -> None:
    places = added([Missing(1.0, 2.0)], Missing(2.05, 3.0))
    assert places == [Missing(1.0, 3.0)]
    assert added(places, Missing(4.0, None)) == [Missing(1.0, 3.0), Missing(4.0, None)]
