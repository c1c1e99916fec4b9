import json
from pathlib import Path

import pytest

from sotto.app.core.projects.queued import (
    QUEUE,
    Queued,
    State,
    load_queue,
    save_queue,
    tidied_queue,
)
from sotto.app.core.projects.wanted import Wanted

ROWS = (
    Queued("a1", Path("/ä one.mp3"), State.DONE, duration_s=3.5),
    Queued("b2", Path("/two.mp3"), State.FAILED, "Is empty"),
    Queued("c3", Path("/three.mp3")),
    Queued("d4", Path("/three.mp3"), wanted=Wanted("tiny", "de", 2, "left"), replaces="c3"),
)


def test_the_list_comes_back(tmp_path: Path) -> None:
    save_queue(ROWS, tmp_path)
    assert load_queue(tmp_path) == ROWS


def test_what_was_at_work_waits_again(tmp_path: Path) -> None:
    working = Queued("a1", Path("/one.mp3"), State.WORKING, "Transcribing", 0.5, 10.0)
    save_queue((working,), tmp_path)
    assert load_queue(tmp_path) == (Queued("a1", Path("/one.mp3"), State.WAITING),)


@pytest.mark.parametrize("damage", ["", "{", "1", '{"id": "a1"}', "[" * 100_000])
def test_a_damaged_list_is_empty(tmp_path: Path, damage: str) -> None:
    (tmp_path / QUEUE).write_text(damage)
    assert load_queue(tmp_path) == ()


def test_damaged_rows_are_left_out_and_so_are_names_of_other_folders(tmp_path: Path) -> None:
    save_queue(ROWS, tmp_path)
    rows = json.loads((tmp_path / QUEUE).read_text())
    rows[0]["id"] = "../../home"
    rows[1]["state"] = "sleeping"
    rows[3]["wanted"] = {"track": -1}
    (tmp_path / QUEUE).write_text(json.dumps([*rows, None, 3]))
    assert load_queue(tmp_path) == ROWS[2:3]


def test_a_list_from_before_there_was_a_choice_is_read(tmp_path: Path) -> None:
    save_queue(ROWS[:2], tmp_path)
    rows = json.loads((tmp_path / QUEUE).read_text())
    for row in rows:
        del row["wanted"], row["replaces"]
    (tmp_path / QUEUE).write_text(json.dumps(rows))
    assert load_queue(tmp_path) == ROWS[:2]


def test_folders_of_nothing_on_the_list_are_removed(tmp_path: Path) -> None:
    save_queue(ROWS, tmp_path)
    for name in ("a1", "dead"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "text.json").touch()
    assert tidied_queue(tmp_path) == ROWS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a1", QUEUE]
