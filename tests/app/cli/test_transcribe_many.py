"""`sotto transcribe` of many recordings: folders, pipes, ends of all kinds, and how it goes on."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import av
import numpy as np
import pytest
import soundfile

from tests.app.cli.conftest import COLD_CACHE, TIMEOUT_S, Sotto
from tools.fixtures.clips import CLIPS, starter_clips

MODEL = ("--model", "basic")
RATE = 16_000
CLIP = CLIPS / "starter" / "000.flac"


def put(path: Path, number: int = 0, times: int = 1) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.tile(starter_clips()[number].pcm(), times), RATE)


def told(result: "subprocess.CompletedProcess[str]") -> list[str]:
    return [line for line in result.stderr.splitlines() if not line.endswith(COLD_CACHE)]


def test_a_folder_with_all_that_people_have_in_it(sotto_program: Sotto, tmp_path: Path) -> None:
    """Two of one stem, one below, one broken; formats of several kinds; a second run."""
    folder, out = tmp_path / "talks", tmp_path / "out"
    put(folder / "a.wav", 0)
    put(folder / "a.flac", 1)
    put(folder / "sub" / "a.wav", 2)
    (folder / "bad.mp3").write_text("no sound")
    (folder / "notes.txt").write_text("no recording")
    asked = ("transcribe", folder, "--recursive", "-o", out, "-f", "srt,lrc", "-f", "txt,docx")
    result = sotto_program(*asked, *MODEL)
    assert result.returncode == 2
    assert {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()} == {
        f"{base}.{suffix}" for base in ("a.wav", "a.flac", "sub/a") for suffix in ("txt", "docx")
    }
    lines = told(result)
    assert [line[:8] for line in lines if line.startswith("[")] == [
        *("[1 of 4]", "[2 of 4]", "[3 of 4]", "[4 of 4]")
    ]
    assert sum("bad.mp3” holds no sound itself" in line for line in lines) == 1
    assert lines[-1].startswith("sotto: 3 done, 1 with faults (above); ")
    assert lines[-1].endswith(" times real time")
    again = sotto_program(*asked, "--skip-existing", *MODEL)
    assert again.returncode == 2
    assert again.stdout == ""
    assert told(again)[-1] == "sotto: 1 with faults (above), 3 whose texts are there already"


def test_a_program_sends_a_recording_and_another_takes_the_subtitles(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """As `ffmpeg … -f wav - | sotto transcribe - -o - -f srt`: a WAV without its length."""
    command = [sys.executable, "-m", "sotto", "transcribe", "-", "-o", "-", "-f", "srt", *MODEL]
    sotto = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path
    )
    assert sotto.stdin is not None
    with av.open(str(CLIP)) as source, av.open(Pipe(sotto.stdin), "w", format="wav") as pipe:
        stream = pipe.add_stream("pcm_s16le", rate=RATE)
        for frame in source.decode(audio=0):
            pipe.mux(stream.encode(frame))
        pipe.mux(stream.encode(None))
    output, _ = sotto.communicate(timeout=TIMEOUT_S)
    assert sotto.returncode == 0
    lines = output.decode().splitlines()
    assert lines[0] == "1"
    assert lines[1].startswith("00:00:00,")
    assert lines[2]
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


class Pipe:
    """What can be written to alone, as the pipe of a shell."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.write = stream.write


@pytest.mark.parametrize("ended_by", [signal.SIGKILL, signal.SIGINT])
def test_what_is_done_stays_and_the_next_run_goes_on(
    sotto_program: Sotto, environment: dict[str, str], tmp_path: Path, ended_by: signal.Signals
) -> None:
    folder, out = tmp_path / "talks", tmp_path / "out"
    put(folder / "1.wav", 0)
    put(folder / "2.wav", 1, times=40)
    asked = ["transcribe", str(folder), "-o", str(out), *MODEL]
    errors = tmp_path / "errors"
    with errors.open("w") as stream:
        program = subprocess.Popen(
            [sys.executable, "-m", "sotto", *asked],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=stream,
        )
    while not (out / "1.json").exists():  # the last of its files
        assert program.poll() is None
        time.sleep(0.01)
    program.send_signal(ended_by)
    assert program.wait(TIMEOUT_S) == (130 if ended_by == signal.SIGINT else -ended_by)
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    assert set(before) == {f"1.{suffix}" for suffix in ("txt", "srt", "vtt", "tsv", "json")}
    assert (out / "1.json").read_text().endswith("}")
    if ended_by == signal.SIGINT:
        assert errors.read_text().splitlines()[-1].startswith("sotto: 1 done, 1 left; ")
    put(folder / "2.wav", 1)  # which is quicker
    result = sotto_program(*asked, "--skip-existing")
    assert result.returncode == 0, result.stderr
    assert {name: (out / name).stat().st_mtime_ns for name in before} == before
    assert (out / "2.txt").read_text().strip()


def test_watching_ends_with_ctrl_c(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    put(folder / "before.wav", 0)
    program = subprocess.Popen(
        [sys.executable, "-m", "sotto", "transcribe", "--watch", str(folder), *MODEL, "-f", "txt"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    data = CLIP.read_bytes()
    with (folder / "slow.flac").open("wb") as copy:
        copy.write(data[:1000])
        copy.flush()
        while not (folder / "before.txt").exists():
            assert program.poll() is None
            time.sleep(0.05)
        copy.write(data[1000:])
    while not (folder / "slow.txt").exists():
        assert program.poll() is None
        time.sleep(0.05)
    program.send_signal(signal.SIGINT)
    output, errors = program.communicate(timeout=TIMEOUT_S)
    assert program.returncode == 0
    assert "Traceback" not in errors
    assert "sotto: 2 done; " in errors.splitlines()[-1]
    assert (folder / "slow.txt").read_text().strip() in output
