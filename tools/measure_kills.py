"""Kill Sotto at random moments while somebody speaks, and count the words that do not come back.

    python -m tools.measure_kills [--tries 100] [--face listen window] [--pauses continuous pauses]
        [--recordings FOLDER] [--model tiny.en] [--kill-recovery 0.25] [--slow-disk 0.125]

A word counts if it ended more than a second before the kill (`--grace`). What is said, and when, is
what the same model makes of the whole recording with word times; the text that Sotto gave before
the kill and that which the next start recovers are aligned with it. A word without a counterpart is
lost; one heard otherwise is not. `undisturbed` is the same count of a session that nobody kills:
what differs there is the recogniser's doing.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import jiwer
import numpy as np
import soundfile
from numpy.typing import NDArray
from whisper_normalizer.english import EnglishTextNormalizer

from sotto import transcribe
from sotto.audio.files.reading import read_audio
from tools.fixtures.audio_server import audio_server
from tools.fixtures.clips import human_clips
from tools.fixtures.running_sotto import running_sotto
from tools.fixtures.slow_disk import slow_disk
from tools.fixtures.x_server import x_server

SAMPLE_RATE = 16_000
PAUSES_S = {"continuous": 0.05, "pauses": 1.2}  # between recordings; 0.6 s end an utterance
EARLIEST_S = 1.5  # of a kill, after the first sound
WITHIN_S = 120.0  # for a start or a recovery, on a machine that is busy

Pcm = NDArray[np.float32]
_normal = EnglishTextNormalizer()


@dataclass(frozen=True, slots=True)
class Speech:
    """A recording and its words, with the second in which each ends."""

    path: Path
    duration_s: float
    words: tuple[tuple[str, float], ...]

    def until(self, end_s: float) -> list[str]:
        """Return the words that ended by then."""
        return [word for word, word_end_s in self.words if word_end_s <= end_s]


@dataclass(slots=True)
class Tally:
    """What came of all tries."""

    n_tries: int = 0
    n_said: int = 0
    lost: list[str] = field(default_factory=list)
    n_otherwise: int = 0
    n_twice: int = 0
    n_damaged: int = 0

    def add(self, said: Sequence[str], text: str) -> str:
        """Count a try and say what it gave."""
        got = _normal(text).split()
        lost, n_otherwise, n_twice = compare(said, got)
        self.n_tries += 1
        self.n_said += len(said)
        self.lost += lost
        self.n_otherwise += n_otherwise
        self.n_twice += n_twice
        return f"{len(said)} words said, {len(lost)} lost {' '.join(lost)}".rstrip()


def compare(said: Sequence[str], got: Sequence[str]) -> tuple[list[str], int, int]:
    """Return the words that were lost, how many were heard otherwise, and how many came twice.

    What was said after the last word of `said` may be in `got`, or not.
    """
    if not said:
        return [], 0, 0
    if not got:
        return list(said), 0, 0
    chunks = jiwer.process_words(" ".join(said), " ".join(got)).alignments[0]
    lost = [
        word
        for chunk in chunks
        if chunk.type == "delete"
        for word in said[chunk.ref_start_idx : chunk.ref_end_idx]
    ]
    n_otherwise = sum(
        chunk.ref_end_idx - chunk.ref_start_idx for chunk in chunks if chunk.type == "substitute"
    )
    n_twice = sum(
        chunk.hyp_end_idx - chunk.hyp_start_idx
        for chunk in chunks
        if chunk.type == "insert" and chunk.ref_start_idx < len(said)
    )
    return lost, n_otherwise, n_twice


def speech(folder: Path, recordings: Path | None, pause_s: float, model: str) -> Speech:
    """Join recordings with pauses, and note when each word ends."""
    sounds = (
        [clip.pcm() for clip in human_clips() if "LJ" in clip.name][:10]
        if recordings is None
        else [read_audio(path) for path in sorted(recordings.rglob("*.*"))]
    )
    silence = np.zeros(round(pause_s * SAMPLE_RATE), np.float32)
    joined = np.concatenate([part for sound in sounds for part in (sound, silence)])
    path = folder / f"speech-{pause_s}.wav"
    soundfile.write(path, joined, SAMPLE_RATE)
    heard = transcribe(joined, model=model, language="en", word_timestamps=True)
    words = tuple(
        (word, timing.end)
        for segment in heard.segments
        for timing in segment.words or ()
        for word in _normal(timing.word).split()
    )
    return Speech(path, len(joined) / SAMPLE_RATE, words)


# `sotto listen` ------------------------------------------------------------------------------


class Listening:
    """`sotto listen` on a recording at the speed of speech, with folders of its own.

    Args:
        folder: where they are.
        model: what recognises.
        disk: what its environment has, too, until it is killed.
    """

    def __init__(self, folder: Path, model: str, disk: dict[str, str]) -> None:
        self._model = model
        self._disk = disk
        self._environ = dict(os.environ) | {
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_DATA_HOME": str(folder / "data"),
            "SOTTO_CONFIG_DIR": str(folder / "config"),
        }
        self._silence = folder / "silence.wav"
        soundfile.write(self._silence, np.zeros(SAMPLE_RATE // 10), SAMPLE_RATE)
        self.journals = folder / "state" / "sotto" / "journal"

    def start(self, path: Path, disk: dict[str, str] | None = None) -> "subprocess.Popen[str]":
        """Begin to listen."""
        command = [sys.executable, "-m", "sotto", "listen", "--json", "--model", self._model]
        return subprocess.Popen(
            [*command, "--language", "en", "--source", str(path)],
            env=self._environ | (disk or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def killed_after(self, path: Path, kill_s: float) -> list[dict[str, object]]:
        """Return what it wrote until it was killed, so many seconds after the first sound."""
        process = self.start(path, self._disk)
        assert process.stdout is not None
        events = [json.loads(process.stdout.readline())]
        began = time.monotonic() - events[0]["t"]
        time.sleep(max(0.0, began + kill_s - time.monotonic()))
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate()
        for line in rest.splitlines():
            with contextlib.suppress(json.JSONDecodeError):  # cut off in the middle
                events.append(json.loads(line))
        return events

    def recovered(self, kill_s: float | None) -> list[dict[str, object]]:
        """Start again, perhaps be killed again; return what came back."""
        process = self.start(self._silence)
        if kill_s is not None:
            time.sleep(kill_s)
            process.send_signal(signal.SIGKILL)
        text, _ = process.communicate(timeout=WITHIN_S)
        return [json.loads(line) for line in text.splitlines() if line.endswith("}")]


def listen_tries(given: Speech, options: argparse.Namespace) -> Tally:
    """Kill `sotto listen`."""
    tally = Tally()
    for number in range(options.tries):
        with tempfile.TemporaryDirectory(prefix="sotto-kills-") as name:
            listening = Listening(Path(name), options.model, _disk(Path(name), options))
            kill_s = random.uniform(EARLIEST_S, min(options.longest, given.duration_s))
            events = listening.killed_after(given.path, kill_s)
            if random.random() < options.kill_recovery:
                events += listening.recovered(random.uniform(0.2, 4.0))
            events += listening.recovered(None)
            finished = [event for event in events if event["event"] in {"final", "recovered"}]
            text = " ".join(str(event["text"]) for event in finished)
            told = tally.add(given.until(kill_s - options.grace), text)
            n_left = len(list(listening.journals.glob("*")))
            print(f"  listen {number}: killed at {kill_s:.1f} s: {told}; {n_left} left", flush=True)
    return tally


def listen_undisturbed(given: Speech, options: argparse.Namespace) -> Tally:
    """Let it end by itself."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="sotto-kills-") as name:
        text, _ = Listening(Path(name), options.model, {}).start(given.path).communicate()
        finals = [json.loads(line) for line in text.splitlines() if '"final"' in line]
        tally.add(given.until(given.duration_s), " ".join(event["text"] for event in finals))
    return tally


# The window ----------------------------------------------------------------------------------


def window_tries(given: Speech, options: argparse.Namespace) -> Tally:
    """Kill the window while it listens to a microphone."""
    tally = Tally()
    with audio_server(), x_server() as display:
        for number in range(options.tries):
            with tempfile.TemporaryDirectory(prefix="sotto-kills-") as name:
                kill_s = random.uniform(EARLIEST_S, min(options.longest, given.duration_s))
                text, is_sound = _killed_window(Path(name), display, given, kill_s, options)
                told = tally.add(given.until(kill_s - options.grace), text)
                tally.n_damaged += not is_sound
                print(f"  window {number}: killed at {kill_s:.1f} s: {told}", flush=True)
    return tally


def _killed_window(
    folder: Path, display: str, given: Speech, kill_s: float, options: argparse.Namespace
) -> tuple[str, bool]:
    """Return the text of the history after the next start, and whether the file is sound."""
    environ = dict(os.environ) | {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "XDG_STATE_HOME": str(folder / "state"),
    }
    disk = _disk(folder, options)
    settings = {"microphone": "virtmic", "model": options.model, "language": "en", "hotkey": ""}
    with _killed(folder, environ | disk, settings) as wait_and_kill:
        player = subprocess.Popen(["paplay", "--device=feed", str(given.path)])
        try:
            wait_and_kill(kill_s)
        finally:
            player.kill()
            player.wait()
    history = folder / "data" / "sotto" / "history.sqlite3"
    with running_sotto(folder, environ=environ, **settings):
        deadline = time.monotonic() + WITHIN_S
        journals = folder / "state" / "sotto" / "journal"
        while any(journals.glob("*")) and time.monotonic() < deadline:
            time.sleep(0.2)
    if not history.exists():
        return "", True
    with contextlib.closing(sqlite3.connect(history)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        texts = [text for (text,) in connection.execute("SELECT text FROM entries ORDER BY id")]
    return " ".join(texts), verdict == "ok"


@contextlib.contextmanager
def _killed(
    folder: Path, environ: dict[str, str], settings: dict[str, str]
) -> Iterator[Callable[[float], None]]:
    """Run a window that listens; yield what waits so many seconds and kills it."""
    with (
        contextlib.suppress(AssertionError),
        running_sotto(folder, "--listen", environ=environ, **settings) as sotto,
    ):
        sotto.wait_for_state("listening")

        def wait_and_kill(seconds: float) -> None:
            time.sleep(seconds)
            sotto.process.send_signal(signal.SIGKILL)
            sotto.process.wait()

        yield wait_and_kill


def _disk(folder: Path, options: argparse.Namespace) -> dict[str, str]:
    """Return the environment in which the disk of a try is as slow as the options say."""
    if options.slow_disk is None:
        return {}
    return slow_disk(folder, folder, share=options.slow_disk)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=100, help="of each kind")
    parser.add_argument("--face", nargs="+", choices=("listen", "window"), default=["listen"])
    parser.add_argument("--pauses", nargs="+", choices=tuple(PAUSES_S), default=list(PAUSES_S))
    parser.add_argument("--recordings", type=Path, help="sound files, spoken in English")
    parser.add_argument("--model", default="tiny.en")
    parser.add_argument("--grace", type=float, default=1.0, help="seconds that may be lost")
    parser.add_argument("--longest", type=float, default=60.0, help="seconds until a kill, at most")
    parser.add_argument("--kill-recovery", type=float, default=0.25, help="share of the tries")
    parser.add_argument(
        "--slow-disk",
        type=float,
        metavar="SHARE",
        help="a slow disk until the kill, on which this share of all writes waits, and each sync",
    )
    parser.add_argument("--undisturbed", action="store_true", help="count a session without a kill")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    random.seed(options.seed)
    tries = {"listen": listen_tries, "window": window_tries}
    with tempfile.TemporaryDirectory(prefix="sotto-kills-") as name:
        for pauses in options.pauses:
            given = speech(Path(name), options.recordings, PAUSES_S[pauses], options.model)
            if options.undisturbed:
                _report(f"undisturbed, {pauses}", listen_undisturbed(given, options))
            for face in options.face:
                _report(f"{face}, {pauses}", tries[face](given, options))


def _report(what: str, tally: Tally) -> None:
    print(
        f"{what}: {tally.n_tries} tries, {tally.n_said} words said, {len(tally.lost)} lost, "
        f"{tally.n_otherwise} heard otherwise, {tally.n_twice} inserted, "
        f"{tally.n_damaged} databases damaged",
        flush=True,
    )


if __name__ == "__main__":
    main()
