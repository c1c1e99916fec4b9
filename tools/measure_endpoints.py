r"""Measure how long to wait in a pause: sentences cut, against how late finals come.

    python -m tools.measure_endpoints LIBRISPEECH [CLIPS …] [--model base] [--session MINUTES] \
        [--pauses FILE] [--plot FILE]

Hears chapters of LIBRISPEECH and folders with clips.jsonl. What is said before each pause of at
least 0.2 s is written as a session's early final pass writes it; the text of a file of the same
sound tells whether a sentence ends there. Then rules are compared by their waits alone: a pause
that lasts longer than the wait ends the utterance. With --pauses, they are kept in a file and read
from it if it is there.
"""

import argparse
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np

from sotto.app.dictating.end_of_utterance import WaitSettings, wait
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.speech.endpointer import Endpointer, EndpointerSettings
from sotto.audio.speech.segment_events import (
    SpeechEnded,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
)
from sotto.inference.compute_type import best_compute_type
from sotto.inference.decoding.result import WordTiming
from sotto.inference.interfaces import Model
from sotto.inference.streaming.trim import ends_sentence
from sotto.inference.streaming.utterance import Text, Utterance
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tools.chapters import read_chapters
from tools.listening_conditions import clean
from tools.measure_streaming import load, offline
from tools.peers.speech import read_folder
from tools.streaming_measures import normalised, paired, percentile

USUAL_S = 0.6
LONGEST_S = 1.3  # what every rule takes for the end
PAUSE_S = EndpointerSettings().pause_ms / 1000
NEAR_S = 8.0  # in which the words before a pause are looked for in the text of the file
CHOICES = (
    (0.7, 0.8, 0.9, 0.95),  # probability of the mark
    (0.6, 0.7, 0.8, 0.9, 1.0),  # of the usual wait, after a sentence
    (1.0, 1.3, 1.6),  # in the middle of one, or where the model is not sure
)
FIXED_S = (0.3, 0.36, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause, and what was heard before it.

    Attributes:
        clip: where it is.
        at_s: when the voice ends.
        length_s: until it goes on; infinite where the sound ends first.
        text: of the utterance so far, as `Text.whole`.
        probability: of the mark at its end.
        ends_sentence: whether the text of the file has the end of a sentence here.
    """

    clip: str
    at_s: float
    length_s: float
    text: str
    probability: float
    ends_sentence: bool


Rule = Callable[[Pause], float]
"""The wait, in seconds."""


def main() -> None:
    arguments = parse_arguments()
    if arguments.pauses and arguments.pauses.exists():
        pauses = [Pause(**each) for each in json.loads(arguments.pauses.read_text("utf-8"))]
    else:
        pauses = list(find_pauses(arguments))
    if arguments.pauses:
        content = json.dumps([asdict(each) for each in pauses], ensure_ascii=False, indent=1)
        arguments.pauses.write_text(content, "utf-8")
    rows = [Row.of(name, rule, pauses) for name, rule in rules().items()]
    print(table(rows))
    if arguments.plot:
        save_plot(arguments.plot, rows)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("librispeech", type=Path)
    parser.add_argument("clips", type=Path, nargs="*")
    parser.add_argument("--model", default="base", help="tiny.en, base, or a folder")
    parser.add_argument("--session", type=float, default=5.0, metavar="MINUTES")
    parser.add_argument("--pauses", type=Path, metavar="FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="a picture (matplotlib)")
    return parser.parse_args()


def find_pauses(arguments: argparse.Namespace) -> Iterator[Pause]:
    """Yield the pauses of the first session of each chapter, and of all clips."""
    model = load(arguments.model, best_compute_type())
    clips = [*read_chapters(arguments.librispeech, 60 * arguments.session, most=1)]
    clips += [clip for folder in arguments.clips for clip in clean(read_folder(folder))]
    for clip in clips:
        words = offline(model, clip).words
        for at_s, length_s, text in heard_before_pauses(model, clip.pcm):
            end = is_end(text.whole, at_s, words)
            if end is not None:
                yield Pause(clip.name, at_s, length_s, text.whole, text.end_probability, end)
        print(f"{clip.name}: done", flush=True)


def heard_before_pauses(model: Model, pcm: Pcm) -> Iterator[tuple[float, float, Text]]:
    """Yield the start and the length of each pause, and the text of the utterance before it.

    The usual silence ends an utterance, as the text of one with many of them would not be what a
    session sees.
    """
    recogniser = WhisperRecogniser(model, WhisperSettings(language="en"))
    said = ""
    for begin_s, spans in voiced(pcm):
        utterance, from_s = Utterance(recogniser, context=said), begin_s
        for at_s, length_s in spans:
            until_s = at_s + PAUSE_S
            utterance.append(pcm[round(from_s * SAMPLE_RATE) : round(until_s * SAMPLE_RATE)])
            text, from_s = utterance.finish(), until_s
            yield at_s, length_s, text
            if length_s >= USUAL_S and not math.isinf(length_s):
                said, from_s = text.whole, max(at_s + USUAL_S, at_s + length_s - USUAL_S)
                utterance = Utterance(recogniser, context=said)
        said = text.whole if spans else said


def voiced(pcm: Pcm) -> Iterator[tuple[float, list[tuple[float, float]]]]:
    """Yield where each stretch of speech begins, and start and length of its pauses."""
    endpointer = Endpointer(EndpointerSettings(hang_over_ms=round(1000 * LONGEST_S)))
    begin_s, spans, paused_s = 0.0, list[tuple[float, float]](), 0.0
    for event in endpointer.feed(np.pad(pcm, (0, round((LONGEST_S + 0.2) * SAMPLE_RATE)))):
        match event:
            case SpeechStarted(start):
                begin_s, spans = start / SAMPLE_RATE, []
            case SpeechPaused(at):
                paused_s = at / SAMPLE_RATE - PAUSE_S
            case SpeechResumed(at):
                spans.append((paused_s, at / SAMPLE_RATE - paused_s))
            case SpeechEnded():
                yield begin_s, [*spans, (paused_s, math.inf)]


def is_end(text: str, at_s: float, words: Sequence[WordTiming]) -> bool | None:
    """Return whether a file has the end of a sentence behind `text`; None: it has other words."""
    near = [word.word for word in words if abs(word.end - at_s) < NEAR_S]
    heard, written = _bare(text.split()[-12:]), _bare(near)
    matches = dict(paired(heard, written))
    last = matches.get(len(heard) - 1)
    return None if last is None else ends_sentence(near[last])


@dataclass(frozen=True, slots=True)
class Row:
    """What a rule does.

    Attributes:
        name: of the rule.
        cuts: sentences that it cuts, a minute.
        new_cuts: how many of them the usual wait keeps whole.
        kept: how many it keeps whole that the usual wait cuts.
        mean_s: its wait where sentences end, on the average.
        median_s: and in the middle.
    """

    name: str
    cuts: float
    new_cuts: int
    kept: int
    mean_s: float
    median_s: float

    @classmethod
    def of(cls, name: str, rule: Rule, pauses: Sequence[Pause]) -> "Row":
        inside = [pause for pause in pauses if not pause.ends_sentence]
        usual = {pause for pause in inside if pause.length_s >= USUAL_S}
        cut = {pause for pause in inside if pause.length_s >= rule(pause)}
        waits = [rule(pause) for pause in pauses if pause.ends_sentence]
        return cls(
            name,
            len(cut) / _minutes(pauses),
            len(cut - usual),
            len(usual - cut),
            sum(waits) / len(waits),
            percentile(waits, 50),
        )


def rules() -> dict[str, Rule]:
    """Return all rules that are compared."""
    fixed = {f"{each:g} s": _fixed(each) for each in FIXED_S}
    today = {"as it is": by_product}
    made = {
        f"{after:g} from {sure:g}, else {inside:g}": _by_text(
            WaitSettings(sure, after, inside_sentence=inside)
        )
        for sure, after, inside in product(*CHOICES)
    }
    return fixed | today | made


def by_product(pause: Pause) -> float:
    """Wait as a session does."""
    return USUAL_S * wait(_text(pause))


def _fixed(wait_s: float) -> Rule:
    return lambda _: wait_s


def _by_text(settings: WaitSettings) -> Rule:
    return lambda pause: USUAL_S * wait(_text(pause), settings)


def table(rows: Sequence[Row]) -> str:
    """Return a line for each rule."""
    lines = [
        "| wait | sentences cut a minute | that 0.6 s keeps | kept that 0.6 s cuts "
        "| wait at the end of a sentence, mean, s | p50, s |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.name} | {row.cuts:.2f} | {row.new_cuts} | {row.kept} "
        f"| {row.mean_s:.3f} | {row.median_s:.2f} |"
        for row in rows
    ]
    return "\n".join(lines)


def _text(pause: Pause) -> Text:
    return Text("", "", pause.text, end_probability=pause.probability)


def _minutes(pauses: Sequence[Pause]) -> float:
    last_s = {pause.clip: pause.at_s for pause in pauses}
    return sum(last_s.values()) / 60


def _bare(words: Sequence[str]) -> list[str]:
    return ["".join(normalised(word)) for word in words]


def save_plot(path: Path, rows: Sequence[Row]) -> None:
    """Draw sentences cut over the wait; the suffix of `path` says which format."""
    from matplotlib.figure import Figure  # noqa: PLC0415 (a package of the tools alone)

    figure = Figure(figsize=(6.4, 4), layout="constrained")
    axes = figure.subplots()
    fixed, today, others = rows[: len(FIXED_S)], rows[len(FIXED_S)], rows[len(FIXED_S) + 1 :]
    axes.plot([row.mean_s for row in fixed], [row.cuts for row in fixed], "o-", label="fixed wait")
    axes.plot(
        [row.mean_s for row in others], [row.cuts for row in others], ".", label="by the text"
    )
    axes.plot([today.mean_s], [today.cuts], "D", label="Sotto's rule")
    for row in fixed:
        axes.annotate(row.name, (row.mean_s, row.cuts), (4, 4), textcoords="offset points")
    axes.set(xlabel="wait where a sentence ends, mean, s", ylabel="sentences cut a minute")
    axes.legend()
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
