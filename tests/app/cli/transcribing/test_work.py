"""One recording after another, with a hearing that does as it is told."""

import io
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sotto.app.cli import terminal
from sotto.app.cli.flags import parse
from sotto.app.cli.transcribing import watching
from sotto.app.cli.transcribing.display import Display
from sotto.app.cli.transcribing.output import Output
from sotto.app.cli.transcribing.work import Heard, Work
from sotto.app.core.recordings import arrivals
from sotto.app.core.recordings.given import Recording
from sotto.app.core.recordings.open_files import is_being_written
from sotto.app.core.recordings.tally import Tally
from sotto.app.core.recordings.workload import Workload
from sotto.audio.files.missing import Missing
from sotto.errors import AudioFileError, CheckpointError, UsageError
from sotto.inference.decoding import Segment, Transcription
from sotto.inference.decoding.transcribe import Progress


def said(text: str) -> Transcription:
    return Transcription(text, (Segment(0, 0, 0.0, 1.0, text, (), 0.0, -0.1, 1.0, 0.0),), "en")


def hear(path: Path, name: str, on_progress: Progress) -> Heard:
    """Take what a file holds for what is said in it; some names are errors."""
    errors: dict[str, BaseException] = {
        "refused": AudioFileError(f"“{name}” holds no sound"),
        "huge": MemoryError(),
        "defect": ZeroDivisionError(),
        "model": CheckpointError("the model is damaged"),
        "ctrl-c": KeyboardInterrupt(),
    }
    if path.stem in errors:
        raise errors[path.stem]
    on_progress(1.0, 2.0)
    missing = (Missing(1.0, 2.0),) if path.stem == "damaged" else ()
    return Heard(said(path.read_text()), 2.0, missing)


class Unread(io.StringIO):
    """A stream whose reader has gone."""

    def write(self, text: str) -> int:  # noqa: ARG002 (io's)
        raise BrokenPipeError


class Place:
    """A folder with recordings and what is done with them."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self.folder = folder
        self.tally = Tally()
        self.output = Output(parse(["transcribe", "x", *flags]))

    def put(self, *names: str) -> None:
        for name in names:
            (self.folder / name).write_text(f" {name}")

    def work(self, *names: str) -> None:
        paths = [self.folder / name for name in names]
        workload = Workload(paths)
        with Display(len(names), workload.left_s) as display:
            work = Work(hear, self.output, display, workload, self.tally)
            for path in paths:
                work.do(Recording(path), self.folder / "out" / path.stem)

    def written(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in (self.folder / "out").glob("*.txt")}


def test_what_is_wrong_with_one_costs_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Place(tmp_path, "-f", "txt,srt")
    place.put("good.wav", "damaged.wav", "last.wav")
    (tmp_path / "out" / "last.srt").mkdir(parents=True)
    place.work("refused.wav", "huge.wav", "good.wav", "defect.wav", "damaged.wav", "last.wav")
    assert place.written() == {
        "good.txt": "good.wav\n",
        "damaged.txt": "damaged.wav\n",
        "last.txt": "last.wav\n",
    }
    told = capsys.readouterr().err
    for line in ("holds no sound", "not enough memory", "went wrong inside Sotto", "1.0–2.0 s"):  # noqa: RUF001
        assert told.count(line) == 1, line
    assert told.count("could not be written (is a directory)") == 1
    assert "[3 of 6] " in told
    assert (place.tally.n_done, place.tally.n_failed) == (1, 5)


def test_without_a_model_nothing_goes_on(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with pytest.raises(CheckpointError):
        place.work("model.wav")


def test_files_are_written_where_nobody_reads_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, "-f", "txt")
    place.put("a.wav", "b.wav")
    monkeypatch.setattr("sys.stdout", Unread())
    place.work("a.wav", "b.wav")
    assert place.written() == {"a.txt": "a.wav\n", "b.txt": "b.wav\n"}
    assert place.tally.n_done == 2


def test_one_alone_needs_no_lines_about_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Place(tmp_path, "-f", "txt")
    place.put("good.wav")
    place.work("good.wav")
    assert capsys.readouterr() == ("[00:00.000 --> 00:01.000]  good.wav\n", "")


@pytest.mark.parametrize(
    ("output_format", "expected"),
    [("txt", "good.wav\n"), ("srt", "1\n00:00:00,000 --> 00:00:01,000\ngood.wav\n\n")],
)
def test_the_standard_output_gets_the_text_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], output_format: str, expected: str
) -> None:
    place = Place(tmp_path, "-o", "-", "-f", output_format)
    place.put("good.wav")
    place.output.prepare(1)
    place.work("good.wav")
    assert capfd.readouterr() == (expected, "")
    assert not (tmp_path / "out").exists()


def test_subtitles_of_several_recordings_make_no_stream() -> None:
    Output(parse(["transcribe", "x", "-o", "-", "-f", "json"])).prepare(2)
    with pytest.raises(UsageError, match="takes srt of one recording only"):
        Output(parse(["transcribe", "x", "-o", "-", "-f", "srt"])).prepare(2)


class Watched(Place):
    """A folder that is watched, with steps that others take in it once a text is there."""

    def watch(self, *steps: tuple[str, Callable[[], object]]) -> None:
        """Take each step once there is the text before it; the last text ends it."""

        def take() -> None:
            for text, step in steps:
                while not (self.folder / text).exists():
                    time.sleep(0.01)
                step()

        others = threading.Thread(target=take, daemon=True)
        others.start()
        with Display(None, 0.0) as display:
            work = Work(hear, self.output, display, Workload(()), self.tally)
            with pytest.raises(KeyboardInterrupt):
                watching.watch(self.folder, work, self.output, recursive=False)
        others.join()

    def texts(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in self.folder.glob("*.txt")}


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    monkeypatch.setattr(arrivals, "SETTLED_S", 0.1)
    monkeypatch.setattr(watching, "LOOK_S", 0.02)
    return Watched(tmp_path, "--beside", "-f", "txt")


def test_a_watched_folder(watched: Watched) -> None:
    """Old ones, renamed ones, one name for another recording, one that goes on after all."""
    folder = watched.folder
    watched.put("old.wav", "new.wav", "page.html")
    (folder / "old.txt").write_text("of before")

    def rename() -> None:
        (folder / "new.wav").rename(folder / "renamed.wav")
        watched.put("next.wav")

    def replace() -> None:
        (folder / "next.wav").rename(folder.parent / "away.wav")
        (folder / "other").write_text(" another")
        (folder / "other").rename(folder / "next.wav")

    def go_on() -> None:
        with (folder / "next.wav").open("a") as file:
            file.write(" and more")
        while (folder / "next.wav.txt").read_text() == "another\n":
            time.sleep(0.01)
        watched.put("ctrl-c.wav")

    watched.watch(("new.txt", rename), ("next.txt", replace), ("next.wav.txt", go_on))
    assert watched.texts() == {
        "old.txt": "of before",
        "new.txt": "new.wav\n",
        "next.txt": "next.wav\n",
        "next.wav.txt": "another and more\n",
    }


def test_a_file_that_somebody_writes_is_left_until_it_is_closed(watched: Watched) -> None:
    watched.put("first.wav")
    slow = (watched.folder / "slow.wav").open("w")
    slow.write(" half")
    slow.flush()
    if not is_being_written(watched.folder / "slow.wav"):
        slow.close()
        pytest.skip("the disk of this machine does not tell who writes")

    def finish() -> None:
        time.sleep(0.3)  # three times as long as a file has to rest
        assert not (watched.folder / "slow.txt").exists()
        slow.write(" whole")
        slow.close()

    watched.watch(("first.txt", finish), ("slow.txt", lambda: watched.put("ctrl-c.wav")))
    assert watched.texts()["slow.txt"] == "half whole\n"


def test_the_next_watch_goes_on_where_the_last_one_ended(watched: Watched) -> None:
    watched.put("a.wav", "b.wav")
    watched.watch(("b.txt", lambda: watched.put("ctrl-c.wav")))
    assert watched.tally.n_done == 2
    (watched.folder / "ctrl-c.wav").unlink()
    watched.put("c.wav")
    watched.watch(("c.txt", lambda: watched.put("ctrl-c.wav")))
    assert watched.tally.n_done == 3


def test_a_watched_folder_may_go_and_come_back(
    watched: Watched, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.put("a.wav")
    told: list[str] = []
    monkeypatch.setattr(terminal, "tell", told.append)

    def go() -> None:
        shutil.move(watched.folder, watched.folder.with_name("gone"))
        while not told:
            time.sleep(0.01)
        watched.folder.mkdir()
        watched.put("b.wav")

    watched.watch(("a.txt", go), ("b.txt", lambda: watched.put("ctrl-c.wav")))
    assert told == [f"“{watched.folder}” is gone; Sotto waits until it is back"]


def test_what_is_no_folder_cannot_be_watched(watched: Watched) -> None:
    work = Work(hear, watched.output, Display(None, 0.0), Workload(()), watched.tally)
    with pytest.raises(UsageError, match="is no folder that can be watched"):
        watching.watch(watched.folder / "nothing", work, watched.output, recursive=False)
