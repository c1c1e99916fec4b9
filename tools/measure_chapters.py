r"""Measure long dictation: chapters of books as sessions, with and without what was said before.

    python -m tools.measure_chapters FOLDER [--model base] [--session MINUTES] [--most N] \
        [--context on off] [--decode SECONDS] [--hour MINUTES] [--json FILE]

FOLDER is a part of LibriSpeech. Its chapters are played into sessions of so many minutes on
simulated time; --hour joins all of them to a single session of so many minutes instead, and tells
how much memory the process held on the way.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sotto.app.core.events import Event, Final
from sotto.inference.compute_type import best_compute_type
from sotto.inference.decoding import TranscribeOptions, transcribe
from sotto.inference.interfaces import Model
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tools import simulated_session
from tools import streaming_measures as measures
from tools.chapters import joined, read_chapters
from tools.listening_conditions import Clip
from tools.measure_streaming import load, table
from tools.measure_vocabulary import Heard
from tools.word_error import word_errors

CONTEXT = {"on": True, "off": False}
WEIGHED_EVERY = 50  # utterances


@dataclass(frozen=True, slots=True)
class Session:
    """What was heard of a clip, the CPU seconds it took, and the memory held on the way."""

    events: list[Event]
    cpu_s: float
    rss_mb: list[float]


@dataclass
class Column:
    """What sessions made of the clips, and what files of them say."""

    pairs: list[tuple[str, str]] = field(default_factory=list)
    in_file: list[tuple[str, str]] = field(default_factory=list)
    audio_s: float = 0.0
    cpu_s: float = 0.0
    violations: int = 0
    finals: int = 0
    inside_sentence: int = 0
    rss_mb: list[float] = field(default_factory=list)

    def add(self, clip: Clip, in_file: str, session: Session) -> None:
        """Add a clip: what a file of it says, and what a session made of it."""
        finals = [event for event in session.events if isinstance(event, Final)]
        self.audio_s += clip.duration_s
        self.cpu_s += session.cpu_s
        self.rss_mb += session.rss_mb
        self.pairs.append((clip.text, " ".join(final.text for final in finals)))
        self.in_file.append((clip.text, in_file))
        self.violations += measures.n_commit_violations(session.events)
        self.finals += len(finals)
        self.inside_sentence += measures.n_cuts_inside_sentences(finals, in_file)

    def figures(self) -> dict[str, float]:
        """Return name and value of each measure."""
        both = [(a, b) for (_, a), (_, b) in zip(self.in_file, self.pairs, strict=True)]
        heard = [Heard.of(said, live) for said, live in self.pairs]
        figures = {
            "minutes": self.audio_s / 60,
            "words": float(word_errors(self.pairs).n_words),
            "errors streaming, %": 100 * word_errors(self.pairs).rate,
            "errors offline, %": 100 * word_errors(self.in_file).rate,
            "marks and capitals, F1": measures.marks_f1(both),
            "words of names": float(sum(len(each.names) for each in heard)),
            "words of names right": float(sum(len(each.names & each.right) for each in heard)),
            "commit violations": float(self.violations),
            "finals": float(self.finals),
            "finals that end inside a sentence": float(self.inside_sentence),
            "CPU seconds per second": self.cpu_s / self.audio_s,
            "memory at the start, MB": self.rss_mb[0],
            "memory at the end, MB": self.rss_mb[-1],
        }
        return {name: round(value, 3) for name, value in figures.items()}


class Weighed(WhisperRecogniser):
    """A recogniser that notes the memory of the process at every so many utterances."""

    def __init__(self, model: Model, settings: WhisperSettings) -> None:
        self.rss_mb: list[float] = []
        self._n_begun = 0
        super().__init__(model, settings)

    def begin(self, context: str = "") -> None:
        super().begin(context)
        if self._n_begun % WEIGHED_EVERY == 0:
            self.rss_mb.append(rss_mb())
            print(f"utterance {self._n_begun}: {self.rss_mb[-1]:.0f} MB", file=sys.stderr)
        self._n_begun += 1


def main() -> None:
    arguments = parse_arguments()
    model = load(arguments.model, best_compute_type())
    clips = list(read_chapters(arguments.folder, 60 * arguments.session, arguments.most))
    if arguments.hour:
        clips = [joined(clips, 60 * arguments.hour)]
    columns = {f"context {each}": Column() for each in arguments.context}
    for clip in clips:
        sessions = {each: listen(model, clip, each, arguments.decode) for each in arguments.context}
        in_file = transcribe(model, clip.pcm, TranscribeOptions(language=clip.language)).text
        for each, session in sessions.items():
            columns[f"context {each}"].add(clip, in_file, session)
        print(f"{clip.name}: done", file=sys.stderr)
        if arguments.json:
            arguments.json.write_text(as_json(columns), encoding="utf-8")
    print(table({name: heard.figures() for name, heard in columns.items()}))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--model", default="base", help="tiny.en, base, or a folder")
    parser.add_argument("--session", type=float, default=5.0, metavar="MINUTES")
    parser.add_argument("--most", type=int, metavar="N", help="sessions of each chapter")
    parser.add_argument("--context", nargs="+", default=["on"], choices=CONTEXT)
    parser.add_argument("--decode", type=float, metavar="SECONDS", help="what a decode takes")
    parser.add_argument("--hour", type=float, metavar="MINUTES", help="of a single session")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures and texts")
    return parser.parse_args()


def listen(model: Model, clip: Clip, context: str, decode_s: float | None) -> Session:
    """Play a clip into a session."""
    settings = WhisperSettings(language=clip.language, with_context=CONTEXT[context])
    recogniser = Weighed(model, settings)
    cpu_s = time.process_time()
    events = simulated_session.listen(clip.pcm, recogniser, decode_s=decode_s).events
    cpu_s = time.process_time() - cpu_s
    return Session(events, cpu_s, [*recogniser.rss_mb, rss_mb()])


def rss_mb() -> float:
    """Return the memory that this process holds."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) / 1024


def as_json(columns: dict[str, Column]) -> str:
    content = {
        name: {"figures": heard.figures(), "memory": heard.rss_mb, "texts": texts(heard)}
        for name, heard in columns.items()
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def texts(heard: Column) -> Sequence[dict[str, str]]:
    return [
        {"said": said, "live": live, "file": file}
        for (said, live), (_, file) in zip(heard.pairs, heard.in_file, strict=True)
    ]


if __name__ == "__main__":
    main()
