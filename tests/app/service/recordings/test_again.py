"""Recordings that are transcribed once more, otherwise; no text is lost on the way."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from sotto.app.core.projects.project import Project, load_text, map_sound
from sotto.app.core.projects.queued import State, load_queue
from sotto.app.core.projects.wanted import Wanted
from sotto.audio.input.source import SAMPLE_RATE
from tests.app.service.recordings.conftest import OpenQueue, states, wait
from tools.fixtures.clips import human_clips
from tools.fixtures.film import film
from tools.fixtures.official import FOLDER, official

USUAL = Wanted()
GERMAN = Wanted(language="de")
DONE, FAILED, WAITING, WORKING, CANCELLED = (
    State.DONE,
    State.FAILED,
    State.WAITING,
    State.WORKING,
    State.CANCELLED,
)


def test_a_text_is_kept_beside_the_new_one(qtbot: QtBot, open_queue: OpenQueue) -> None:
    queue = open_queue()
    first, other = queue.add([Path("/a.wav"), Path("/b.wav")])
    wait(qtbot, lambda: states(queue) == [DONE, DONE])
    new = queue.again(first, GERMAN, keeps=True)
    assert [row.id for row in queue.rows] == [first, new, other]
    wait(qtbot, lambda: states(queue) == [DONE, DONE, DONE])
    assert queue[new].wanted == GERMAN
    assert (queue.folder / first).exists()
    wait(qtbot, lambda: [row.wanted for row in load_queue(queue.folder)] == [USUAL, GERMAN, USUAL])


def test_a_text_gives_way_once_the_new_one_is_there(qtbot: QtBot, open_queue: OpenQueue) -> None:
    queue = open_queue()
    (first,) = queue.add([Path("/a.wav")])
    wait(qtbot, lambda: states(queue) == [DONE])
    told: list[tuple[str, str]] = []
    queue.replaced.connect(lambda old, new: told.append((old, new)))
    new = queue.again(first, GERMAN)
    assert queue[first].state is DONE
    wait(qtbot, lambda: [row.id for row in queue.rows] == [new])
    assert told == [(first, new)]
    wait(qtbot, lambda: not (queue.folder / first).exists())
    assert (queue.folder / new).exists()


@pytest.mark.parametrize("ends", ["kill", "hang"])
def test_a_text_stays_where_nothing_comes_of_the_new_one(
    qtbot: QtBot, open_queue: OpenQueue, tmp_path: Path, ends: str
) -> None:
    queue = open_queue()
    path = tmp_path / f"{ends}.wav"
    (first,) = queue.add([Path("/a.wav")])
    wait(qtbot, lambda: states(queue) == [DONE])
    queue._change(replace(queue[first], source=path))  # on which the process fails
    new = queue.again(first)
    wait(qtbot, lambda: queue[new].share > 0)
    if ends == "hang":
        queue.cancel(new)
    wait(qtbot, lambda: queue[new].is_over)
    assert states(queue) == [DONE, FAILED if ends == "kill" else CANCELLED]
    assert (queue.folder / first).exists()


def test_what_has_no_text_yet_begins_anew_in_its_row(qtbot: QtBot, open_queue: OpenQueue) -> None:
    queue = open_queue()
    hanging, waiting = queue.add([Path("/hang.wav"), Path("/b.wav")])
    wait(qtbot, lambda: queue[hanging].share > 0)
    assert queue.again(waiting, GERMAN) == waiting
    assert queue.again(hanging, Wanted(track=2)) == hanging
    wait(qtbot, lambda: queue[hanging].share > 0)
    assert states(queue) == [WORKING, WAITING]
    assert [row.wanted for row in queue.rows] == [Wanted(track=2), GERMAN]
    queue.cancel(hanging)
    wait(qtbot, lambda: states(queue) == [CANCELLED, DONE])


def words_of(project: Project) -> set[str]:
    text = " ".join(line.text for line in project.document.lines)
    return {word.strip(".,").casefold() for word in text.split()}


def test_another_track_and_two_speakers_are_heard_by_the_real_process(
    qtbot: QtBot, open_queue: OpenQueue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    official("tiny.en")
    monkeypatch.setenv("SOTTO_MODELS_DIR", str(FOLDER))
    monkeypatch.setenv("SOTTO_MODEL", "tiny.en")
    one, two = human_clips()[1], human_clips()[2]
    left, right = one.pcm(), two.pcm()
    movie, call = tmp_path / "film.mkv", tmp_path / "call.wav"
    movie.write_bytes(film((0 * left, right)))
    n = max(len(left), len(right))
    sides = np.zeros((n, 2), np.float32)
    sides[: len(left), 0], sides[n - len(right) :, 1] = left, right
    soundfile.write(call, sides, SAMPLE_RATE)
    queue = open_queue(pretends=False)
    silent, mixed = queue.add([movie, call])
    second = queue.again(silent, Wanted(track=2))
    apart = queue.again(mixed, Wanted(channels="separate"))
    wait(qtbot, lambda: all(row.is_over for row in queue.rows))
    assert states(queue) == [DONE, DONE]
    of_film, of_call = (load_text(queue.folder / row_id) for row_id in (second, apart))
    said = {word.strip(".,").casefold() for word in two.text.split()}
    assert len(words_of(of_film) & said) >= 0.7 * len(said)
    assert of_film.wanted == Wanted(track=2)
    heard = map_sound(queue.folder / second)
    assert heard is not None
    assert np.abs(heard).max() > 1000
    assert of_call.document.speakers == ("left", "right")
    spoken = {word.strip(".,").casefold() for word in f"{one.text} {two.text}".split()}
    assert len(words_of(of_call) & spoken) >= 0.7 * len(spoken)
    refused = queue.again(apart, Wanted(language="de"), keeps=True)
    wait(qtbot, lambda: queue[refused].is_over)
    assert queue[refused].message.startswith("Tiny.en knows English only and will take German")
