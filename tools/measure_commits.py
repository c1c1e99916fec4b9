r"""Measure rules of when words are committed: wrong words, against how late words come.

    python -m tools.measure_commits FOLDER … [--model base] [--conditions clean noise-5 …] \
        [--count N] [--decode SECONDS]

Recordings (as of `tools.measure_streaming`) go through sessions on simulated time in which nothing
is committed before the end. What each decode heard is then given to rules. A committed word is
wrong where the final pass, which is free of commits here, hears another one. A decode that does not
begin with the committed words is left out; a session would have decoded it anew.
"""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from sotto.inference.compute_type import best_compute_type
from sotto.inference.interfaces import Model
from sotto.inference.streaming.commit import CommitRule, CommitSettings, spoken
from sotto.inference.streaming.recogniser import Hypothesis, Word
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tools import simulated_session
from tools.listening_conditions import CONDITIONS, Clip
from tools.measure_streaming import load
from tools.peers.speech import read_folder
from tools.streaming_measures import percentile

NEVER = CommitSettings(margin_s=math.inf)

RULES: dict[str, CommitSettings] = {
    "as it is": CommitSettings(),
    "2 from 0.5, all after 0.8 s; 0.4 s back (before)": CommitSettings(
        ((2, 0.5),), margin_s=0.4, settled_s=0.8
    ),
    "2, all alike": CommitSettings(((2, 0.0),)),
    "3, all alike": CommitSettings(((3, 0.0),)),
    "2 from 0.8, else 3": CommitSettings(((2, 0.8), (3, 0.0))),
    "2 from 0.9, 3 from 0.5, else 4": CommitSettings(((2, 0.9), (3, 0.5), (4, 0.0))),
    "2 from 0.8, else after 1.6 s": CommitSettings(((2, 0.8),), settled_s=1.6),
}


@dataclass(slots=True)
class Spoken:
    """An utterance: what its decodes heard (end of the audio in seconds, words), and the last."""

    partials: list[tuple[float, tuple[Word, ...]]] = field(default_factory=list)
    final: tuple[Word, ...] = ()


class Recorder(WhisperRecogniser):
    """Keeps what each decode heard."""

    def __init__(self, model: Model, language: str) -> None:
        self.utterances: list[Spoken] = []
        super().__init__(model, WhisperSettings(language=language))

    def begin(self, context: str = "") -> None:
        self.utterances.append(Spoken())
        super().begin(context)

    def go_on(self, from_s: float) -> None:
        self.utterances.append(Spoken())
        super().go_on(from_s)

    def recognise(self, prefix: tuple[Word, ...], *, final: bool) -> Hypothesis:
        hypothesis = super().recognise(prefix, final=final)
        words = hypothesis.words[len(prefix) :]  # before them are those of parts before
        if final:
            self.utterances[-1].final = words
        elif hypothesis.is_settled:
            end_s = self._from_s + self._held_s
            self.utterances[-1].partials.append((end_s, words))
        return hypothesis


@dataclass(slots=True)
class Outcome:
    """What a rule does: words of all finals, committed words, wrong ones, and their delays."""

    n_words: int = 0
    n_committed: int = 0
    n_wrong: int = 0
    delays_s: list[float] = field(default_factory=list)

    def add(self, settings: CommitSettings, said: Spoken) -> None:
        """Give the decodes of an utterance to a rule."""
        rule, committed = CommitRule(settings), list[Word]()
        for audio_s, words in said.partials:
            tail = after(committed, words)
            if tail is None:
                continue
            new = rule.observe(tail, audio_s)
            committed += new
            self.delays_s += [audio_s - word.end_s for word in new]
        self.n_words += len(said.final)
        self.n_committed += len(committed)
        self.n_wrong += n_otherwise(committed, said.final)


def after(committed: Sequence[Word], words: tuple[Word, ...]) -> tuple[Word, ...] | None:
    """Return what follows the committed words; None: they are not heard again."""
    if not committed:
        return words
    blocks = _matcher(committed, words).get_matching_blocks()
    end = next((b.b + b.size for b in blocks if b.size and b.a + b.size == len(committed)), None)
    return None if end is None else words[end:]


def n_otherwise(committed: Sequence[Word], final: Sequence[Word]) -> int:
    """Return how many committed words the final does not have in their place."""
    return len(committed) - sum(b.size for b in _matcher(committed, final).get_matching_blocks())


def _matcher(some: Sequence[Word], others: Sequence[Word]) -> SequenceMatcher[str]:
    return SequenceMatcher(
        None, [spoken(word) for word in some], [spoken(word) for word in others], autojunk=False
    )


def record(model: Model, clips: Sequence[Clip], decode_s: float) -> list[Spoken]:
    """Return the utterances of recordings."""
    utterances = []
    for clip in clips:
        recorder = Recorder(model, clip.language)
        simulated_session.listen(clip.pcm, recorder, decode_s=decode_s, commit=NEVER)
        utterances += recorder.utterances
    return utterances


def row(name: str, settings: CommitSettings, utterances: Sequence[Spoken]) -> str:
    """Return the line of a rule."""
    outcome = Outcome()
    for utterance in utterances:
        outcome.add(settings, utterance)
    wrong, committed = (100 * n / outcome.n_words for n in (outcome.n_wrong, outcome.n_committed))
    delays = " / ".join(f"{percentile(outcome.delays_s, p):.2f}" for p in (50, 90))
    return f"| {name} | {wrong:.2f} | {committed:.0f} | {delays} |"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--model", default="base", help="tiny.en, base, or a folder")
    parser.add_argument("--conditions", nargs="+", choices=CONDITIONS, default=["clean", "noise-5"])
    parser.add_argument("--count", type=int, help="recordings of each reader")
    parser.add_argument("--decode", type=float, default=0.07, metavar="SECONDS")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    model = load(arguments.model, best_compute_type())
    clips = [clip for each in arguments.folders for clip in read_folder(each, arguments.count)]
    for condition in arguments.conditions:
        utterances = record(model, list(CONDITIONS[condition](clips)), arguments.decode)
        print(f"\n| {condition} | wrong, % of words | committed, % | delay, p50 / p90, s |")
        print("| --- | ---: | ---: | ---: |")
        print("\n".join(row(name, rule, utterances) for name, rule in RULES.items()), flush=True)


if __name__ == "__main__":
    main()
