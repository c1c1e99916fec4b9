"""Dictate into the window for hours, many times faster than anybody speaks: what is left behind?

    python -m tools.measure_long_window                       # 8 hours in 30 minutes
    python -m tools.measure_long_window --hours 1 --speed 20

All of it is Sotto's, in one process: the window (Qt's offscreen platform) with the whole text, the
session with its endpointer, the journal, the history, the texts. Only recognition is not: it hears
a word every 0.4 s (`tools.measure_long_run` has a real one). The sound is people's clips, again and
again, with a longer pause here and there; the clock goes faster. Every ten seconds its memory
(Pss_Anon of proc(5)), threads and open files are noted, and at the end whether the window, the
texts and the history hold every word that was recognised.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sotto.audio.input.source import SAMPLE_RATE, Loss, Pcm
from sotto.inference.streaming.recogniser import Hypothesis, Word
from tools.fixtures.clips import human_clips
from tools.measure_long_run import own_mb

if TYPE_CHECKING:
    from sotto.app.core.spoken_languages import Spoken
    from sotto.app.dictating.engine import Microphone, Model, Sink
    from sotto.app.dictating.session import Session

PAUSES_S = (0.3, 1.0, 1.0, 3.0)  # behind one clip after the other; 0.6 s end an utterance
SETTLED_MIN = 10.0  # until then caches fill
_SAMPLED_EVERY_S = 10.0
_WORD_S = 0.4
_WORDS = ("it", "hears", "what", "nobody", "has", "said", "and", "writes", "that", "down")


class FastClock:
    """A clock that goes so many times faster than time."""

    def __init__(self, speed: float) -> None:
        self._speed = speed

    def now(self) -> float:
        """Return seconds since an arbitrary start."""
        return self._speed * time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for so long, by this clock."""
        time.sleep(seconds / self._speed)


class LoopedSource:
    """A microphone that hears the same again and again (see `sotto.audio.input.source.Source`)."""

    name = "looped"
    is_away = False

    def __init__(self, pcm: Pcm, clock: FastClock, duration_s: float) -> None:
        self._pcm = pcm
        self._clock = clock
        self._left = round(duration_s * SAMPLE_RATE)
        self._at = 0
        self._began_s: float | None = None

    @property
    def exhausted(self) -> bool:
        """Whether all was read."""
        return self._left == 0

    def open(self) -> None:
        """Begin to hear."""
        self._began_s = self._clock.now()

    def read(self) -> Pcm:
        """Return what was said meanwhile."""
        assert self._began_s is not None
        n_due = int((self._clock.now() - self._began_s) * SAMPLE_RATE) - self._at
        n_due = min(n_due, self._left)
        places = np.arange(self._at, self._at + n_due) % len(self._pcm)
        self._at += n_due
        self._left -= n_due
        return self._pcm[places]

    def losses(self) -> list[Loss]:
        """Return none."""
        return []

    def close(self) -> None:
        """Hear no more."""
        self._left = 0


class SteadyRecogniser:
    """Hears a word every 0.4 s. See `Recogniser`."""

    def __init__(self) -> None:
        self._held_s = self._from_s = 0.0

    def begin(self, context: str = "") -> None:  # noqa: ARG002 (hears no better with it)
        self._held_s = self._from_s = 0.0

    def append(self, pcm: Pcm) -> None:
        self._held_s += len(pcm) / SAMPLE_RATE

    def trim(self, until_s: float, context: str = "") -> None:  # noqa: ARG002 (as above)
        self._from_s = until_s

    def go_on(self, from_s: float) -> None:
        """Whoever goes on says the next number."""

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:  # noqa: ARG002
        first = round(prefix[-1].start_s / _WORD_S) + 1 if prefix else int(self._from_s / _WORD_S)
        numbers = range(first, int(self._held_s / _WORD_S))
        return Hypothesis(prefix + tuple(map(_word, numbers)))


def _word(number: int) -> Word:
    start_s = number * _WORD_S
    return Word(f" {_WORDS[number % len(_WORDS)]}", start_s, start_s + 0.75 * _WORD_S)


class FastEngine:
    """See `sotto.app.dictating.engine.Engine`: one microphone, and nothing to load."""

    def __init__(self, duration_s: float, speed: float) -> None:
        self._duration_s = duration_s
        self._clock = FastClock(speed)
        self.said: list[str] = []  # the finals; appended to by the engine thread
        self.heard_s = 0.0

    def stand_by(self, microphone: str | None) -> None:
        """Do nothing."""

    def warm_up(self, model: str) -> None:
        """Do nothing."""

    def let_go(self) -> None:
        """Do nothing."""

    def microphones(self) -> "tuple[Microphone, ...]":
        from sotto.app.dictating.engine import Microphone  # noqa: PLC0415 (as below)

        return (Microphone("", "Looped"),)

    def models(self) -> "tuple[Model, ...]":
        from sotto.app.dictating.engine import Model  # noqa: PLC0415 (as below)

        return (Model("steady", ("en",), is_starter=False),)

    def listen(
        self,
        microphone: str,  # noqa: ARG002 (there is one)
        model: str,  # noqa: ARG002 (likewise)
        sink: "Sink",
        spoken: "Spoken | None" = None,  # noqa: ARG002 (it hears only one)
        *,
        is_kept: bool = True,
    ) -> "Session":
        from sotto.app.core.events import Event, Final  # noqa: PLC0415 (in the user's folders)
        from sotto.app.core.journal.journal import Journal  # noqa: PLC0415
        from sotto.app.core.journal.places import journals_folder  # noqa: PLC0415
        from sotto.app.core.journal.record import Record  # noqa: PLC0415
        from sotto.app.dictating.recovering.recovery_process import FACE  # noqa: PLC0415
        from sotto.app.dictating.session import Session, SessionSettings  # noqa: PLC0415

        def note(event: Event) -> None:
            if isinstance(event, Final):
                self.said.append(event.text)
                self.heard_s = event.audio
            sink(event)

        source = LoopedSource(_sound(), self._clock, self._duration_s)
        journal = Journal(journals_folder(), Record(FACE)) if is_kept else None
        settings = SessionSettings(keeps_doubtful_sound=True)
        return Session(
            source, lambda _: SteadyRecogniser(), note, settings, self._clock, journal=journal
        )

    def listen_to_system(
        self, model: str, sink: "Sink", spoken: "Spoken | None" = None
    ) -> "Session":
        return self.listen("", model, sink, spoken, is_kept=False)

    def play_clip(self, model: str, sink: "Sink") -> "Session":
        return self.listen("", model, sink, is_kept=False)


def _sound() -> Pcm:
    pauses = [np.zeros(round(each * SAMPLE_RATE), np.float32) for each in PAUSES_S]
    parts = [
        part
        for number, clip in enumerate(human_clips())
        for part in (clip.pcm(), pauses[number % len(pauses)])
    ]
    return np.concatenate(parts)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the process holds after so many minutes of sound."""

    minutes: float
    own_mb: float
    threads: int
    descriptors: int


def sample(heard_s: float) -> Sample:
    """Look at this process."""
    n_threads, n_files = (len(list(Path("/proc/self", each).iterdir())) for each in ("task", "fd"))
    return Sample(heard_s / 60, own_mb(os.getpid()), n_threads, n_files)


def run(hours: float, speed: float) -> int:
    """Dictate, print what was seen, and return 1 if a word is missing anywhere."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415 (once the folders are chosen)

    from sotto.app.core.settings import load  # noqa: PLC0415
    from sotto.app.dictating.phases import Phase  # noqa: PLC0415
    from sotto.app.ui.app import App  # noqa: PLC0415
    from sotto.app.ui.widgets.application import application  # noqa: PLC0415

    qt = application(sys.argv[:1])
    qt.setQuitOnLastWindowClosed(False)
    engine = FastEngine(3600 * hours, speed)
    app = App(lambda _: engine, load())
    samples: list[Sample] = []
    timer = QTimer(interval=round(1000 * _SAMPLED_EVERY_S))
    timer.timeout.connect(lambda: _note(samples, engine))
    timer.start()
    app.dictation.phase_changed.connect(
        lambda phase: QTimer.singleShot(2000, app.window.quit) if phase is Phase.IDLE else None
    )
    app.start(listens=True)
    qt.exec()
    shown = " ".join(each.text for each in app.dictation.transcript.paragraphs if not each.is_gap)
    print(report(samples), flush=True)
    print(speeds(engine, samples, hours, speed), flush=True)
    return _compare(engine.said, shown)


def _note(samples: list[Sample], engine: FastEngine) -> None:
    samples.append(sample(engine.heard_s))
    if len(samples) % 6 == 0:
        print(samples[-1], file=sys.stderr, flush=True)


def speeds(engine: FastEngine, samples: Sequence[Sample], hours: float, speed: float) -> str:
    """Say how far what was heard lay behind what was said."""
    took_s = _SAMPLED_EVERY_S * len(samples)
    return f"{hours:g} h at {speed:g} times the speed, {len(engine.said)} finals, in {took_s:.0f} s"


def _compare(said: Sequence[str], shown: str) -> int:
    """Print how many words were recognised, and are in the window, the texts and the history."""
    from sotto.app.core.archive import transcripts_folder  # noqa: PLC0415
    from sotto.app.core.history import History, history_path  # noqa: PLC0415

    with closing(History(history_path())) as history:
        kept = [entry.text for entry in history.search(limit=10**6)]
    texts = " ".join(path.read_text() for path in transcripts_folder().glob("*.txt"))
    counts = [len(text.split()) for text in (" ".join(said), shown, texts, " ".join(kept))]
    print("words recognised, in the window, in the texts, in the history:", *counts, flush=True)
    return int(len(set(counts)) > 1)


def report(samples: Sequence[Sample]) -> str:
    """Return a line every half an hour, and how far memory moved once it had settled."""
    lines = ["| minute | own, MB | threads | descriptors |", "|---|---|---|---|"]
    due = 0.0
    for each in samples:
        if each.minutes >= due:
            due += 30.0 if due else SETTLED_MIN
            lines.append(
                f"| {each.minutes:.0f} | {each.own_mb:.1f} | {each.threads} | {each.descriptors} |"
            )
    settled = [each.own_mb for each in samples if each.minutes >= SETTLED_MIN]
    if settled:
        lines.append(
            f"after {SETTLED_MIN:.0f} minutes: {min(settled):.1f} to {max(settled):.1f} MB"
        )
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure in folders of its own, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--speed", type=float, default=16.0)
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="sotto-long-", ignore_cleanup_errors=True) as name:
        os.environ |= _own_folders(Path(name))
        code = run(given.hours, given.speed)
    sys.stdout.flush()
    os._exit(code)  # Qt's and the journal's threads are not to be waited for


def _own_folders(folder: Path) -> dict[str, str]:
    kinds = ("state", "data", "runtime")
    for each in kinds:
        (folder / each).mkdir(mode=0o700)
    return {
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_RUNTIME_DIR": str(folder / "runtime"),
        "SOTTO_CONFIG_DIR": str(folder / "config"),
        "SOTTO_WAS_WELCOMED": "true",
        "SOTTO_CUES": "false",
        "SOTTO_HOTKEY": "",
    }


if __name__ == "__main__":
    main()
