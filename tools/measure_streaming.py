"""Measure streaming recognition on a folder of clips.

    python -m tools.measure_streaming tests/clips/starter [--microphone] [--json]

FOLDER holds clips.jsonl (file and text a line). Each clip, with a second of silence behind it,
goes through a session like any other. Without --microphone the time is simulated: sound comes by
a clock that stands still but for waiting and for the time that recognising really takes. With it
the clips are played into the virtual microphone of a private sound server, in real time.
"""

import argparse
import json
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sotto.app.core.events import Event, Final, Lag
from sotto.app.core.session import Feed
from sotto.audio.files import read_audio
from sotto.audio.microphone import MicrophoneSource
from sotto.audio.source import SAMPLE_RATE, Pcm, Source
from sotto.clock import SystemClock
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType, best_compute_type
from sotto.inference.model import WhisperModel
from sotto.inference.streaming.recogniser import Recogniser, Word
from sotto.inference.streaming.whisper import WhisperRecogniser
from tests.helpers.audio_server import AudioServer, audio_server
from tools import simulated_session
from tools import streaming_measures as measures
from tools.simulated_session import TimedRecogniser, new_session, write_sound
from tools.word_error import word_errors

STARTER = Path("sotto/assets/models/starter-en")
MICROPHONE_TAIL_S = 2.0  # what a sound server may hold back


@dataclass
class Clip:
    """A recording, its transcript, and what the model makes of the whole of it."""

    text: str
    pcm: Pcm
    offline: tuple[Word, ...]

    @property
    def duration_s(self) -> float:
        return len(self.pcm) / SAMPLE_RATE

    @property
    def speech_end_s(self) -> float:
        """Where the sound falls 40 dB below its peak for good."""
        loud = np.flatnonzero(np.abs(self.pcm) > 0.01 * np.max(np.abs(self.pcm)))
        return float(loud[-1]) / SAMPLE_RATE


@dataclass
class Totals:
    """What all clips add up to."""

    n_clips: int = 0
    n_words: int = 0
    audio_s: float = 0.0
    cpu_s: float = 0.0
    compute_s: list[float] = field(default_factory=list)
    streaming: list[tuple[str, str]] = field(default_factory=list)  # said, heard
    offline: list[tuple[str, str]] = field(default_factory=list)
    seen_s: list[float] = field(default_factory=list)
    committed_s: list[float] = field(default_factory=list)
    final_s: list[float] = field(default_factory=list)
    laal_s: list[float] = field(default_factory=list)
    lag_s: list[float] = field(default_factory=list)
    n_erased: int = 0
    n_final_words: int = 0
    violations: int = 0
    first_lost: int = 0
    last_lost: int = 0

    def add(self, clip: Clip, events: list[Event], origin_s: float) -> None:
        """Add a clip.

        Args:
            clip: what was said.
            events: what the session made of it.
            origin_s: when the clip began, in the time of the events.
        """
        reference = measures.normalised(clip.text)
        offline_text = "".join(word.text for word in clip.offline)
        offline = measures.normalised(offline_text)
        shown = measures.displays(events)
        heard = shown[-1].words if shown else []
        self.n_clips += 1
        self.n_words += len(reference)
        self.audio_s += clip.duration_s
        finals = " ".join(event.text for event in events if isinstance(event, Final))
        self.streaming.append((clip.text, finals))
        self.offline.append((clip.text, offline_text))
        self.violations += measures.n_commit_violations(events)
        self.lag_s += [event.lag_s for event in events if isinstance(event, Lag)]
        self.first_lost += offline[:1] == reference[:1] != heard[:1]
        self.last_lost += offline[-1:] == reference[-1:] != heard[-1:]
        if heard:
            self._add_times(clip, events, shown, origin_s)

    def _add_times(
        self, clip: Clip, events: list[Event], shown: list[measures.Shown], origin_s: float
    ) -> None:
        words = shown[-1].words
        seen, committed = measures.first_seen(shown), measures.first_committed(shown)
        ends = [(w, word.end_s) for word in clip.offline for w in measures.normalised(word.text)]
        for ours, theirs in measures.paired(words, [w for w, _ in ends]):
            spoken_s = origin_s + ends[theirs][1]
            self.seen_s.append(seen[ours] - spoken_s)
            self.committed_s.append(committed[ours].t - spoken_s)
        self.n_erased += measures.n_erased(shown)
        self.n_final_words += len(words)
        delays = [display.audio - origin_s for display in committed]
        self.laal_s.append(
            measures.laal_s(delays, len(measures.normalised(clip.text)), clip.duration_s)
        )
        last = [event for event in events if isinstance(event, Final)][-1]
        self.final_s.append(last.t - origin_s - clip.speech_end_s)

    def figures(self) -> dict[str, float]:
        """Return name and value of each measure."""
        spread = {
            "word spoken to seen": self.seen_s,
            "word spoken to committed": self.committed_s,
            "end of speech to final": self.final_s,
            "LAAL": self.laal_s,
            "lag": self.lag_s,
            "one decode": self.compute_s,
        }
        figures = {
            "clips": float(self.n_clips),
            "words": float(self.n_words),
            "WER streaming, %": 100 * word_errors(self.streaming).rate,
            "WER offline, %": 100 * word_errors(self.offline).rate,
            "commit violations": float(self.violations),
            "first words lost": float(self.first_lost),
            "last words lost": float(self.last_lost),
            "normalised erasure": self.n_erased / max(1, self.n_final_words),
            "real-time factor": sum(self.compute_s) / self.audio_s,
            "CPU seconds per second": self.cpu_s / self.audio_s,
        }
        for name, values in spread.items():
            figures[f"{name}, p50, s"] = measures.percentile(values, 50)
            figures[f"{name}, p90, s"] = measures.percentile(values, 90)
        return {name: round(value, 3) for name, value in figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure streaming recognition.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", type=Path, default=STARTER, help="folder of a model")
    parser.add_argument(
        "--compute-type", type=ComputeType, choices=ComputeType, default=best_compute_type()
    )
    parser.add_argument("--microphone", action="store_true", help="play into a real sound server")
    parser.add_argument("--count", type=int, help="the first COUNT clips only")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    checkpoint, compute_type = load_checkpoint(arguments.model), arguments.compute_type
    recogniser = WhisperRecogniser(WhisperModel.load(checkpoint, compute_type=compute_type))
    clips = read_clips(arguments.folder, recogniser, arguments.count)
    measure = measure_microphone if arguments.microphone else measure_simulated
    report(measure(clips, recogniser).figures(), as_json=arguments.json)


def read_clips(folder: Path, recogniser: Recogniser, count: int | None) -> list[Clip]:
    rows = map(json.loads, (folder / "clips.jsonl").read_text(encoding="utf-8").splitlines())
    clips = []
    for row in list(rows)[:count]:
        path = folder / row["file"]
        pcm = read_audio(path if path.exists() else folder / path.name)
        recogniser.begin()
        recogniser.append(pcm)
        clips.append(Clip(row["text"], pcm, recogniser.recognise((), final=True).words))
    return clips


def measure_simulated(clips: list[Clip], recogniser: Recogniser) -> Totals:
    totals = Totals()
    for clip in clips:
        cpu_s = time.process_time()
        listening = simulated_session.listen(clip.pcm, recogniser)
        totals.cpu_s += time.process_time() - cpu_s
        totals.compute_s += listening.compute_s
        totals.add(clip, listening.events, origin_s=0.0)
    return totals


def measure_microphone(clips: list[Clip], recogniser: Recogniser) -> Totals:
    totals = Totals()
    with audio_server() as server, server.awake("virtmic"):
        for clip in clips:
            timed = TimedRecogniser(recogniser, lambda _: None)
            cpu_s = time.process_time()
            events, heard = listen(clip, timed, server)
            totals.cpu_s += time.process_time() - cpu_s
            totals.compute_s += timed.compute_s
            totals.add(clip, events, origin_s=begin_s(clip, heard))
    return totals


def listen(clip: Clip, recogniser: Recogniser, server: AudioServer) -> tuple[list[Event], Pcm]:
    """Play a clip to a session on the virtual microphone; return its events and what it heard."""
    events: list[Event] = []
    source = TapedSource(MicrophoneSource())
    session = new_session(source, recogniser, events.append, Feed.LIVE, SystemClock())
    session.start()
    while not source.blocks:
        time.sleep(0.02)
    with tempfile.TemporaryDirectory() as folder:
        server.play(write_sound(clip.pcm, Path(folder)), "feed")
    time.sleep(MICROPHONE_TAIL_S)
    session.stop()
    session.join()
    return events, np.concatenate(source.blocks)


class TapedSource:
    """A source that keeps what it delivered. Owned by the engine thread; `blocks` only grows."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.open, self.losses, self.close = source.open, source.losses, source.close
        self.blocks: list[Pcm] = []

    @property
    def name(self) -> str:
        return self._source.name

    @property
    def exhausted(self) -> bool:
        return self._source.exhausted

    def read(self) -> Pcm:
        pcm = self._source.read()
        if len(pcm):
            self.blocks.append(pcm)
        return pcm


def begin_s(clip: Clip, heard: Pcm) -> float:
    """Return where in the sound heard the clip begins: where the two are most alike."""
    n_points = 1 << (len(heard) + len(clip.pcm)).bit_length()
    spectrum = np.fft.rfft(heard, n_points) * np.conj(np.fft.rfft(clip.pcm, n_points))
    return float(np.argmax(np.fft.irfft(spectrum)[: len(heard)])) / SAMPLE_RATE


def report(figures: dict[str, float], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:32} {value:10g}")


if __name__ == "__main__":
    main()
