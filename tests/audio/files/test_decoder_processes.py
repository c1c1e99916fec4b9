"""Files that end, stop or starve the process that decodes them."""

import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

from sotto.audio.files import decoder_processes
from sotto.audio.files.decoder_processes import PROCESSES
from sotto.audio.files.missing import Missing
from sotto.audio.files.reading import decode, read_recording
from sotto.audio.input.source import SAMPLE_RATE
from sotto.errors import AudioFileError
from tests.helpers.sound_files import encode
from tools.fixtures.media_files import broken_adx, wav
from tools.fuzz_media import GOOD_SAMPLES, files, run

LONG = np.random.default_rng(0).standard_normal(60 * SAMPLE_RATE).astype(np.float32) * 0.1


@pytest.fixture(autouse=True)
def _fresh() -> None:
    PROCESSES.end()


def written(folder: Path) -> Path:
    path = folder / "sound.flac"
    path.write_bytes(encode(LONG, SAMPLE_RATE, "flac"))
    return path


def lent() -> int:
    """Return the process that decodes now."""
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
    (pid,) = (
        int(child)
        for child in children
        if b"sotto.audio.files.decoder" in Path(f"/proc/{child}/cmdline").read_bytes()
    )
    return pid


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGALRM, signal.SIGKILL])
def test_what_was_read_before_a_crash_is_kept(number: signal.Signals, tmp_path: Path) -> None:
    decoding = decode(written(tmp_path))
    blocks = [next(decoding)]
    os.kill(lent(), number)
    blocks += list(decoding)
    pcm = np.concatenate(blocks)
    assert 0 < len(pcm) < len(LONG)
    np.testing.assert_allclose(pcm, LONG[: len(pcm)], atol=1e-3)
    assert decoding.missing == (Missing(len(pcm) / SAMPLE_RATE, None),)


def test_a_process_that_other_files_have_shaken_gets_no_blame(tmp_path: Path) -> None:
    (tmp_path / "first.wav").write_bytes(wav(1))
    read_recording(tmp_path / "first.wav")
    decoding = decode(written(tmp_path))
    blocks = [next(decoding)]
    os.kill(lent(), signal.SIGSEGV)
    blocks += list(decoding)
    np.testing.assert_allclose(np.concatenate(blocks), LONG, atol=1e-3)
    assert decoding.missing == ()


@pytest.mark.parametrize(
    ("number", "why"), [(signal.SIGSEGV, "the decoder fails on it"), (signal.SIGALRM, "nothing")]
)
def test_a_file_that_no_decoder_survives_is_told_in_a_line(
    number: signal.Signals, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = f"import os, sys; os.kill(os.getpid(), {number})"
    monkeypatch.setattr(decoder_processes, "_COMMAND", ("-c", ending))
    with pytest.raises(AudioFileError, match=why) as caught:
        read_recording(written(tmp_path))
    assert "\n" not in str(caught.value)
    monkeypatch.undo()
    assert read_recording(written(tmp_path)).missing == ()


def test_what_was_read_before_a_failure_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where memory runs out in the middle of a file."""
    failing = (
        "import socket, sys; asker = socket.socket(fileno=int(sys.argv[1])); "
        "socket.recv_fds(asker, 9_999, 1); asker.send(b'S' + bytes(32_000)); asker.send(b'Fgone')"
    )
    monkeypatch.setattr(decoder_processes, "_COMMAND", ("-c", failing))
    recording = read_recording(written(tmp_path))
    assert len(recording.pcm) == 8_000
    assert recording.missing == (Missing(0.5, None),)
    PROCESSES.end()


def test_no_room_for_a_process_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "nowhere"))
    with pytest.raises(AudioFileError, match="no process can be started"):
        read_recording(written(tmp_path))


def test_ctrl_c_and_an_ignored_alarm_do_not_reach_it(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    try:
        decoding = decode(written(tmp_path))
        next(decoding)
        pid = lent()
    finally:
        signal.signal(signal.SIGALRM, before)
    status = Path(f"/proc/{pid}/status").read_text()
    ignored = next(line for line in status.splitlines() if line.startswith("SigIgn:"))
    assert not int(ignored.split()[1], 16) >> (signal.SIGALRM - 1) & 1
    assert os.getpgid(pid) != os.getpgid(0)
    decoding.close()


def test_a_file_that_ends_the_decoder_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "good.wav").write_bytes(wav(1))
    (tmp_path / "bad.adx").write_bytes(broken_adx())
    for _ in range(2):
        assert len(read_recording(tmp_path / "good.wav").pcm) == GOOD_SAMPLES
        with pytest.raises(AudioFileError, match="the decoder fails on it"):
            read_recording(tmp_path / "bad.adx")


def test_one_process_serves_file_after_file(tmp_path: Path) -> None:
    (tmp_path / "sound.wav").write_bytes(wav(1))
    (tmp_path / "text.wav").write_text("Dear Laura\n" * 20)
    read_recording(tmp_path / "sound.wav")
    first = lent()
    with pytest.raises(AudioFileError):
        read_recording(tmp_path / "text.wav")
    assert len(read_recording(tmp_path / "sound.wav").pcm) == GOOD_SAMPLES
    assert lent() == first


def test_who_stops_early_leaves_no_process(tmp_path: Path) -> None:
    decoding = decode(written(tmp_path))
    next(decoding)
    pid = lent()
    decoding.close()
    assert not Path(f"/proc/{pid}").exists()


def test_files_at_the_same_time(tmp_path: Path) -> None:
    path = written(tmp_path)
    first, second = decode(path), decode(path)
    pairs = list(zip(first, second, strict=True))
    for pcm in map(np.concatenate, zip(*pairs, strict=True)):
        np.testing.assert_allclose(pcm, LONG, atol=1e-3)


def test_a_pipe_is_read_as_it_is_filled(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    data = wav(1)

    def fill() -> None:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(data)

    filling = threading.Thread(target=fill)
    filling.start()
    try:
        assert len(read_recording(f"/dev/fd/{reading}").pcm) == GOOD_SAMPLES
    finally:
        filling.join()
        os.close(reading)


def test_a_pipe_that_nobody_fills_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "sound.wav")
    with pytest.raises(AudioFileError, match="cannot be read as sound"):
        read_recording(tmp_path / "sound.wav")


def test_broken_files_are_survived(tmp_path: Path) -> None:
    """The short form of `python -m tools.fuzz_media`."""
    fates = run(tmp_path, files(n_mutated=100, first=0, every=5))
    assert fates.total() > 150
    assert fates["lost"] == 0
    assert fates["whole"] > 70
    assert fates["part"] > 0
