"""The queue with the real process, and with processes that fail."""

import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.names import SOUND
from sotto.app.core.projects.project import load_peaks, load_text, map_sound
from sotto.app.core.projects.queued import State, load_queue
from tests.app.service.recordings.conftest import PATIENCE_MS, OpenQueue, states, wait
from tools.fixtures.clips import CLIPS, human_clips
from tools.fixtures.official import FOLDER, official


def test_a_file_that_fails_does_not_keep_the_others_from_their_turn(
    qtbot: QtBot, open_queue: OpenQueue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    official("tiny.en")
    monkeypatch.setenv("SOTTO_MODELS_DIR", str(FOLDER))
    monkeypatch.setenv("SOTTO_MODEL", "tiny.en")
    damaged = tmp_path / "no sound.mp3"
    damaged.write_text("a letter")
    first, second = human_clips()[1], human_clips()[2]
    queue = open_queue(pretends=False)
    queue.add([CLIPS / first.name, damaged, CLIPS / second.name])
    wait(qtbot, lambda: all(row.is_over for row in queue.rows))
    assert states(queue) == [State.DONE, State.FAILED, State.DONE]
    assert queue.rows[1].message.startswith("Holds no sound")
    for row, clip in ((queue.rows[0], first), (queue.rows[2], second)):
        folder = queue.folder / row.id
        project = load_text(folder)
        said = "".join(line.text for line in project.document.lines)
        heard = {word.strip(".,").casefold() for word in said.split()}
        expected = {word.strip(".,").casefold() for word in clip.text.split()}
        assert len(heard & expected) >= 0.7 * len(expected), said
        words = [word for line in project.document.lines for word in line.words]
        assert all(0 <= word.start <= word.end <= project.duration_s for word in words)
        assert project.model == "tiny.en"
        assert abs(load_peaks(folder).duration_s - project.duration_s) < 0.02
        sound = map_sound(folder)
        assert sound is not None
        assert len(sound) == round(project.duration_s * 16_000)


def test_what_of_a_recording_is_damaged_is_told_at_its_row(
    qtbot: QtBot, open_queue: OpenQueue, tmp_path: Path
) -> None:
    queue = open_queue()
    queue.add([Path("/damaged.wav")])
    wait(qtbot, lambda: states(queue) == [State.DONE])
    assert queue.rows[0].message == "Is damaged"
    wait(qtbot, lambda: load_queue(queue.folder)[0].message == "Is damaged")


@pytest.mark.parametrize("ends", ["kill", "hang"])
def test_nothing_is_left_of_a_recording_without_a_text(
    qtbot: QtBot, open_queue: OpenQueue, ends: str
) -> None:
    queue = open_queue()
    (row_id,) = queue.add([Path(f"/{ends}.wav")])
    folder = queue.folder / row_id
    folder.mkdir(parents=True)
    (folder / SOUND).write_bytes(bytes(9))
    wait(qtbot, lambda: queue[row_id].share > 0)
    if ends == "hang":
        queue.cancel(row_id)
    wait(qtbot, lambda: queue[row_id].is_over)
    wait(qtbot, lambda: not folder.exists())


def test_a_crash_costs_one_file(qtbot: QtBot, open_queue: OpenQueue) -> None:
    queue = open_queue()
    queue.add([Path("/a.wav"), Path("/kill.wav"), Path("/b.wav")])
    wait(qtbot, lambda: all(row.is_over for row in queue.rows))
    assert states(queue) == [State.DONE, State.FAILED, State.DONE]
    assert "broke off" in queue.rows[1].message


def test_who_cancels_one_keeps_the_others(qtbot: QtBot, open_queue: OpenQueue) -> None:
    queue = open_queue()
    hanging, waiting, _ = queue.add([Path("/hang.wav"), Path("/a.wav"), Path("/b.wav")])
    wait(qtbot, lambda: queue[hanging].share > 0)
    assert states(queue) == [State.WORKING, State.WAITING, State.WAITING]
    queue.cancel(waiting)
    queue.cancel(hanging)
    wait(qtbot, lambda: all(row.is_over for row in queue.rows))
    assert states(queue) == [State.CANCELLED, State.CANCELLED, State.DONE]
    queue.again(waiting)
    wait(qtbot, lambda: queue[waiting].state is State.DONE)


def test_what_is_removed_is_gone_from_the_disk(qtbot: QtBot, open_queue: OpenQueue) -> None:
    queue = open_queue()
    one, other = queue.add([Path("/a.wav"), Path("/b.wav")])
    wait(qtbot, lambda: all(row.is_over for row in queue.rows))
    queue.remove(one)
    assert [row.id for row in queue.rows] == [other]
    wait(qtbot, lambda: not (queue.folder / one).exists())
    assert (queue.folder / other).exists()


def test_what_waits_already_is_not_added_again(qtbot: QtBot, open_queue: OpenQueue) -> None:
    queue = open_queue()
    queue.add([Path("/hang.wav"), Path("/hang.wav")])
    assert queue.add([Path("/hang.wav")]) == ()
    assert len(queue.rows) == 1
    wait(qtbot, lambda: queue.rows[0].share > 0)
    queue.cancel(queue.rows[0].id)
    assert len(queue.add([Path("/hang.wav")])) == 1  # it was cancelled: now it is wanted again


def test_the_recordings_of_a_folder_are_added_in_order(
    qtbot: QtBot, open_queue: OpenQueue, tmp_path: Path
) -> None:
    folder = tmp_path / "talks"
    (folder / "b").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for name in ("z.mp3", "a.mkv", "notes.txt", ".c.wav", "b/d.flac", ".hidden/e.wav"):
        (folder / name).touch()
    queue = open_queue()
    queue.add([folder])
    wait(qtbot, lambda: len(queue.rows) == 3)
    assert [row.source.name for row in queue.rows] == ["a.mkv", "d.flac", "z.mp3"]
    wait(qtbot, lambda: all(row.is_over for row in queue.rows))


def test_a_folder_without_recordings_says_so(
    qtbot: QtBot, open_queue: OpenQueue, tmp_path: Path
) -> None:
    queue = open_queue()
    with qtbot.waitSignal(queue.failed, timeout=PATIENCE_MS) as told:
        queue.add([tmp_path])
    assert told.args == [f"There is no recording in “{tmp_path}”."]


def test_what_was_not_done_when_sotto_ended_is_done_at_the_next_start(
    qtbot: QtBot, open_queue: OpenQueue, tmp_path: Path
) -> None:
    queue = open_queue()
    queue.add([Path("/a.wav"), Path("/hang.wav"), Path("/b.wav")])
    wait(qtbot, lambda: queue.rows[1].share > 0)
    ended: list[None] = []
    queue.close(lambda: ended.append(None))
    wait(qtbot, lambda: bool(ended))
    kept = load_queue(tmp_path / "recordings")
    assert [row.state for row in kept] == [State.DONE, State.WAITING, State.WAITING]
    again = open_queue()
    wait(qtbot, lambda: len(again.rows) == 3 and again.rows[1].share > 0)
    again.cancel(again.rows[1].id)
    wait(qtbot, lambda: again.rows[2].state is State.DONE)


def test_a_list_that_cannot_be_kept_is_told(
    qtbot: QtBot, open_queue: OpenQueue, tmp_path: Path
) -> None:
    (tmp_path / "recordings").write_text("in the way")
    queue = open_queue()
    with qtbot.waitSignal(queue.failed, timeout=PATIENCE_MS) as told:
        queue.add([Path("/a.wav")])
    assert told.args is not None
    assert "could not be written" in told.args[0]


def test_the_process_ends_with_the_queue(qtbot: QtBot, open_queue: OpenQueue) -> None:
    queue = open_queue()
    queue.add([Path("/hang.wav")])
    wait(qtbot, lambda: queue.rows[0].share > 0)
    process = queue._transcriber._process
    assert process is not None
    pid = process.processId()
    queue.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
