r"""Measure streaming recognition of people's recordings.

    python -m tools.measure_streaming FOLDER … [--model base] [--conditions clean noise-5 …] \
        [--count N] [--detect] [--decode SECONDS] [--microphone] [--json FILE]

Each FOLDER holds clips.jsonl (file, text and perhaps language a line) or a part of LibriSpeech.
Each clip of each condition, with silence behind it, goes through a session like any other; beside
it stands what `sotto transcribe` makes of the same sound, one token after the other as here.
Without --microphone the time is simulated: sound comes by a clock that stands still but for
waiting and for the time that recognising really takes, or with --decode is said to take: then a
busy machine changes no word. With --microphone the clips are played into the virtual microphone
of a private sound server, in real time.
"""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import numpy as np

from sotto.app.core.events import Event, Final, Lag
from sotto.app.core.models.loader import voiced
from sotto.app.dictating.session import Feed
from sotto.audio.input.microphone import microphone_source
from sotto.audio.input.source import SAMPLE_RATE, Pcm, Source
from sotto.clock import SystemClock
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType, best_compute_type
from sotto.inference.decoding import TranscribeOptions, transcribe
from sotto.inference.decoding.result import WordTiming
from sotto.inference.interfaces import Model
from sotto.inference.model.whisper_model import WhisperModel
from sotto.inference.streaming.recogniser import Recogniser
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tools import simulated_session
from tools import streaming_measures as measures
from tools.fixtures.audio_server import AudioServer, audio_server
from tools.fixtures.official import Official, official
from tools.listening_conditions import CONDITIONS, Clip
from tools.peers.speech import ENGLISH, read_folder
from tools.simulated_session import TimedRecogniser, new_session, write_sound
from tools.word_error import CharacterErrors, WordErrors, character_errors, word_errors

MICROPHONE_TAIL_S = 2.0  # what a sound server may hold back

Said = list[tuple[str, str]]
"""What was said and what was heard."""


@dataclass(frozen=True, slots=True)
class Offline:
    """What a file of the same sound gives."""

    text: str
    words: tuple[WordTiming, ...]


@dataclass
class Totals:
    """What all clips of a condition in one language add up to."""

    language: str
    clips: list[str] = field(default_factory=list)
    audio_s: float = 0.0
    cpu_s: float = 0.0
    compute_s: list[float] = field(default_factory=list)
    streaming: Said = field(default_factory=list)
    offline: Said = field(default_factory=list)
    seen_s: list[float] = field(default_factory=list)
    committed_s: list[float] = field(default_factory=list)
    final_s: list[float] = field(default_factory=list)
    laal_s: list[float] = field(default_factory=list)
    lag_s: list[float] = field(default_factory=list)
    n_erased: int = 0
    n_final_words: int = 0
    violations: int = 0
    n_finals: int = 0
    inside_sentence: int = 0
    first_lost: int = 0
    last_lost: int = 0

    def add(self, clip: Clip, offline: Offline, events: list[Event], origin_s: float) -> None:
        """Add a clip.

        Args:
            clip: what was said.
            offline: what a file of it gives.
            events: what the session made of it.
            origin_s: when the clip began, in the time of the events.
        """
        reference, in_file = measures.normalised(clip.text), measures.normalised(offline.text)
        shown = measures.displays(events)
        heard = shown[-1].words if shown else []
        self.clips.append(clip.name)
        self.audio_s += clip.duration_s
        self.streaming.append((clip.text, measures.written(events)))
        self.offline.append((clip.text, offline.text))
        self.violations += measures.n_commit_violations(events)
        self.n_finals += sum(isinstance(event, Final) for event in events)
        self.inside_sentence += measures.n_cuts_inside_sentences(events, offline.text)
        self.lag_s += [event.lag_s for event in events if isinstance(event, Lag)]
        self.first_lost += in_file[:1] == reference[:1] != heard[:1]
        self.last_lost += in_file[-1:] == reference[-1:] != heard[-1:]
        if heard:
            self._add_times(clip, offline, events, origin_s)

    def _add_times(
        self, clip: Clip, offline: Offline, events: list[Event], origin_s: float
    ) -> None:
        shown = measures.displays(events)
        words = shown[-1].words
        seen, committed = measures.first_seen(shown), measures.first_committed(shown)
        ends = [(w, word.end) for word in offline.words for w in measures.normalised(word.word)]
        for ours, theirs in measures.paired(words, [w for w, _ in ends]):
            spoken_s = origin_s + ends[theirs][1]
            self.seen_s.append(seen[ours] - spoken_s)
            self.committed_s.append(committed[ours].t - spoken_s)
        self.n_erased += measures.n_erased(shown)
        self.n_final_words += len(words)
        delays = [display.audio - origin_s for display in committed]
        n_reference = len(measures.normalised(clip.text))
        self.laal_s.append(measures.laal_s(delays, n_reference, clip.duration_s))
        finals = [event for event in events if isinstance(event, Final)]
        if finals:
            self.final_s.append(finals[-1].t - origin_s - clip.speech_end_s)

    def errors(self, pairs: Said) -> WordErrors | CharacterErrors:
        """Return what was misheard: words of English, characters of other languages."""
        if self.language == ENGLISH:
            return word_errors(pairs)
        return character_errors(pairs, self.language)

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
        live = [heard for _, heard in self.streaming]
        figures = {
            "clips": float(len(self.clips)),
            "minutes": self.audio_s / 60,
            "words": float(sum(len(measures.normalised(said)) for said, _ in self.streaming)),
            "errors streaming, %": 100 * self.errors(self.streaming).rate,
            "errors offline, %": 100 * self.errors(self.offline).rate,
            "marks and capitals, F1": measures.marks_f1(
                zip([heard for _, heard in self.offline], live, strict=True)
            ),
            "commit violations": float(self.violations),
            "finals": float(self.n_finals),
            "finals that end inside a sentence": float(self.inside_sentence),
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
    arguments = parse_arguments()
    model = load(arguments.model, arguments.compute_type)
    recordings = [r for folder in arguments.folders for r in read_folder(folder, arguments.count)]
    columns: dict[str, Totals] = {}
    for condition in arguments.conditions:
        for clip in CONDITIONS[condition](recordings):
            name = condition if clip.language == ENGLISH else f"{condition}, {clip.language}"
            totals = columns.setdefault(name, Totals(clip.language))
            language = None if arguments.detect else clip.language
            recogniser = voiced(WhisperRecogniser(model, WhisperSettings(language=language)))
            hear = hear_microphone if arguments.microphone else hear_simulated
            hear(clip, recogniser, offline(model, clip), totals, arguments.decode)
        print(f"{condition}: done", file=sys.stderr)
        if arguments.json:
            arguments.json.write_text(as_json(columns), encoding="utf-8")
    print(table({name: totals.figures() for name, totals in columns.items()}))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure streaming recognition.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--model", default="base", help="tiny.en, base, or a folder")
    parser.add_argument(
        "--compute-type", type=ComputeType, choices=ComputeType, default=best_compute_type()
    )
    parser.add_argument("--conditions", nargs="+", default=["clean"], choices=CONDITIONS)
    parser.add_argument("--count", type=int, help="LibriSpeech's utterances of each reader")
    parser.add_argument("--detect", action="store_true", help="do not say which language it is")
    parser.add_argument(
        "--decode", type=float, metavar="SECONDS", help="what each decode is said to take"
    )
    parser.add_argument("--microphone", action="store_true", help="play into a real sound server")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures and texts")
    return parser.parse_args()


def load(model: str, compute_type: ComputeType) -> Model:
    path = official(model) if model in get_args(Official) else Path(model)
    return WhisperModel.load(load_checkpoint(path), compute_type=compute_type)


def offline(model: Model, clip: Clip) -> Offline:
    """Transcribe the clip as a file."""
    options = TranscribeOptions(language=clip.language, word_timestamps=True)
    transcription = transcribe(model, clip.pcm, options)
    words = [word for segment in transcription.segments for word in segment.words or ()]
    return Offline(transcription.text, tuple(words))


def hear_simulated(
    clip: Clip, recogniser: Recogniser, offline: Offline, totals: Totals, decode_s: float | None
) -> None:
    cpu_s = time.process_time()
    listening = simulated_session.listen(clip.pcm, recogniser, decode_s=decode_s)
    totals.cpu_s += time.process_time() - cpu_s
    totals.compute_s += listening.compute_s
    totals.add(clip, offline, listening.events, origin_s=0.0)


def hear_microphone(
    clip: Clip, recogniser: Recogniser, offline: Offline, totals: Totals, _: float | None
) -> None:
    with audio_server() as server, server.awake("virtmic"):
        timed = TimedRecogniser(recogniser, lambda _: None)
        cpu_s = time.process_time()
        events, heard = listen(clip, timed, server)
        totals.cpu_s += time.process_time() - cpu_s
        totals.compute_s += timed.compute_s
        totals.add(clip, offline, events, origin_s=begin_s(clip, heard))


def listen(clip: Clip, recogniser: Recogniser, server: AudioServer) -> tuple[list[Event], Pcm]:
    """Play a clip to a session on the virtual microphone; return its events and what it heard."""
    events: list[Event] = []
    source = TapedSource(microphone_source())
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

    @property
    def is_away(self) -> bool:
        return self._source.is_away

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


def table(columns: dict[str, dict[str, float]]) -> str:
    """Return the figures of all conditions, a column each."""
    names = list(dict.fromkeys(name for figures in columns.values() for name in figures))
    lines = [["", *columns], ["---", *["---:"] * len(columns)]]
    lines += [[name, *(_cell(each.get(name)) for each in columns.values())] for name in names]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def as_json(columns: dict[str, Totals]) -> str:
    content: dict[str, Any] = {
        name: {
            "figures": totals.figures(),
            "texts": [
                {"clip": clip, "said": said, "live": live, "file": file}
                for clip, (said, live), (_, file) in zip(
                    totals.clips, totals.streaming, totals.offline, strict=True
                )
            ],
        }
        for name, totals in columns.items()
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _cell(value: float | None) -> str:
    return "-" if value is None or np.isnan(value) else f"{value:g}"


if __name__ == "__main__":
    main()
