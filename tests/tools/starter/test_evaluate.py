"""The measures of an evaluation, and one of a real model on real clips."""

import json
from pathlib import Path

import numpy as np
import pytest

from sotto.inference.compute_type import ComputeType
from tests.helpers.clips import CLIPS
from tests.helpers.random_checkpoint import STARTER
from tools.starter import evaluation_report as report
from tools.starter.evaluate import columns, evaluate, read_sets
from tools.starter.evaluation_clips import Clip, Spoken, read_set, write_set
from tools.starter.evaluation_report import Column, Heard

OFFLINE = Column(ComputeType.INT8, is_streaming=False)
STREAMING = Column(ComputeType.INT8, is_streaming=True)


def heard(said: str, text: str, *, truth: tuple[tuple[float, float], ...] = ()) -> Heard:
    return Heard(Clip(Path("a.flac"), said, truth), text, ((0.1, 2.0),))


def test_sets_are_read_as_they_were_written(tmp_path: Path) -> None:
    pcm = np.linspace(-0.5, 0.5, 8000, dtype=np.float32)
    spoken = [
        Spoken(pcm, "Two. Sentences.", "a voice", ((0.1, 0.2), (0.3, 0.45))),
        Spoken(pcm, "", "nothing"),
    ]
    write_set(tmp_path, spoken)
    first, second = read_set(tmp_path)
    assert (first.text, first.segments) == ("Two. Sentences.", ((0.1, 0.2), (0.3, 0.45)))
    assert (second.text, second.segments) == ("", ())
    assert first.duration_s == 0.5
    rows = [json.loads(line) for line in (tmp_path / "clips.jsonl").read_text().splitlines()]
    assert rows[0]["speech"] == [0.1, 0.45]
    assert "speech" not in rows[1]
    assert read_set(tmp_path, limit=1) == [first]


def test_boundaries_are_held_to_the_nearest_that_was_heard() -> None:
    truth = ((0.5, 2.0), (3.0, 4.0))
    in_three_pieces = ((0.6, 1.0), (1.0, 2.0), (3.0, 4.2))
    assert report.boundary_errors_s(truth, in_three_pieces) == pytest.approx([0.1, 0, 0, 0.2])
    assert report.boundary_errors_s(truth, ((0.5, 4.0),)) == pytest.approx([0, 2.0, 2.5, 0])
    assert report.boundary_errors_s(truth, ()) == []


def test_median_of_boundaries_leaves_out_clips_without_times() -> None:
    timed = heard("a", "a", truth=((0.0, 2.3),))
    assert report.median_boundary_error_s([timed, heard("b", "b")]) == pytest.approx(0.2)
    assert report.median_boundary_error_s([heard("b", "b")]) is None


def test_words_heard_in_nothing_are_counted_for_ten_minutes(tmp_path: Path) -> None:
    write_set(tmp_path, [Spoken(np.zeros(16_000 * 30, np.float32), "", "silence")])
    [clip] = read_set(tmp_path)
    assert report.words_in_ten_minutes([Heard(clip, " Thank you. ...")]) == 40


def test_streaming_is_held_to_offline_on_the_clips_of_speech() -> None:
    evaluation = {
        OFFLINE: {"dictation": [heard("a b c d", "a b c d")], "human": [heard("a", "a")]},
        STREAMING: {"dictation": [heard("a b c d", "a b c x")], "human": [heard("a", "x")]},
    }
    assert report.streaming_cost(evaluation, STREAMING) == pytest.approx(25)
    assert report.streaming_cost(evaluation, OFFLINE) is None
    assert report.streaming_cost({STREAMING: evaluation[STREAMING]}, STREAMING) is None
    table = report.table(evaluation)
    assert "| dictation (4 words) | ≤ 3 % | 0.0 % | 25.0 % (+25.0) |" in table
    assert "| human (1 words) | report | 0.0 % | 100.0 % (+100.0) |" in table


def test_human_clips_are_listed_with_what_was_heard() -> None:
    table = report.human_table(OFFLINE, [heard("a b", " a c ")])
    assert table.splitlines()[-1] == "| a | 50 % | a c |"


def test_a_clip_of_people_that_is_given_twice_is_heard_once(tmp_path: Path) -> None:
    human = CLIPS / "human"
    sets = read_sets(tmp_path, [human, human], None)
    assert list(sets) == ["human"]
    assert sets["human"] == read_set(human)


def test_a_model_is_evaluated_offline_and_streaming() -> None:
    sets = {"dictation": read_set(CLIPS / "starter", 3)}
    [quick] = columns(is_quick=True)
    both = [quick, Column(quick.compute_type, is_streaming=True)]
    assert set(both) < set(columns(is_quick=False))
    evaluation = evaluate(STARTER, sets, both)
    measures = report.as_json(evaluation)
    for column in both:
        assert measures[column.name]["word_error_percent"]["dictation"] < 10
        assert [row["said"] for row in measures[column.name]["heard"]["dictation"]] == [
            clip.text for clip in sets["dictation"]
        ]
    [times] = {one.segments for one in evaluation[quick]["dictation"][:1]}
    assert 0 <= times[0][0] < times[-1][1] <= sets["dictation"][0].duration_s + 0.1
