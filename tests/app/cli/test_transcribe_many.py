"""`sotto transcribe` of many recordings: folders, pipes, ends of all kinds, and how it goes on."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def started(
    environment: dict[str, str], *arguments: str | Path, errors: int | IO[str] = subprocess.PIPE
) -> "Iterator[subprocess.Popen[bytes]]":
    """Start the program, and let nothing of it stay, whatever a test finds."""
    with subprocess.Popen(
        [sys.executable, "-m", "sotto", "transcribe", *map(str, arguments), *MODEL],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def wait_for(path: Path, program: "subprocess.Popen[bytes]") -> None:
    """Wait until the program has written a file."""
    while not path.exists():
        assert program.poll() is None
        time.sleep(0.01)


def test_a_folder_with_all_that_people_have_in_it(sotto_program: Sotto, tmp_path: Path) -> None:
    """Two of one stem, one below, one broken; formats of several kinds."""
    folder, out = tmp_path / "talks", tmp_path / "out"
    put(folder / "a.wav", 0)
    put(folder / "a.flac", 1)
    put(folder / "sub" / "a.wav", 2)
    (folder / "bad.mp3").write_text("no sound")
    (folder / "notes.txt").write_text("no recording")
    result = sotto_program(
        *("transcribe", folder, "--recursive", "-o", out, "-f", "txt,docx"), *MODEL
    )
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


def test_a_program_sends_a_recording_and_another_takes_the_subtitles(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """As `ffmpeg … -f wav - | sotto transcribe - -o - -f srt`: a WAV without its length."""
    with started(environment, "-", "-o", "-", "-f", "srt") as sotto:
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
    errors = tmp_path / "errors"
    with (
        errors.open("w") as stream,
        started(environment, folder, "-o", out, errors=stream) as program,
    ):
        wait_for(out / "1.json", program)  # the last of its files
        program.send_signal(ended_by)
        assert program.wait(TIMEOUT_S) == (130 if ended_by == signal.SIGINT else -ended_by)
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    assert set(before) == {f"1.{suffix}" for suffix in ("txt", "srt", "vtt", "tsv", "json")}
    assert (out / "1.json").read_text().endswith("}")
    if ended_by == signal.SIGINT:
        assert errors.read_text().splitlines()[-1].startswith("sotto: 1 done, 1 left for ")
    put(folder / "2.wav", 1)  # which is quicker
    result = sotto_program("transcribe", folder, "-o", out, "--skip-existing", *MODEL)
    assert result.returncode == 0, result.stderr
    assert {name: (out / name).stat().st_mtime_ns for name in before} == before
    assert (out / "2.txt").read_text().strip()


def test_watching_ends_with_ctrl_c(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    put(folder / "before.wav", 0)
    data = CLIP.read_bytes()
    with started(environment, "--watch", folder, "-f", "txt") as program:
        with (folder / "slow.flac").open("wb") as copy:
            copy.write(data[:1000])
            copy.flush()
            wait_for(folder / "before.txt", program)
            copy.write(data[1000:])
        wait_for(folder / "slow.txt", program)
        program.send_signal(signal.SIGINT)
        output, errors = (each.decode() for each in program.communicate(timeout=TIMEOUT_S))
    assert program.returncode == 0
    assert "Traceback" not in errors
    assert errors.splitlines()[-1].startswith("sotto: 2 done")
    assert (folder / "slow.txt").read_text().strip() in output
