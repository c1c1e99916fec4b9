"""Measure how often a segment of speech is taken for another language than it is in.

    python -m tools.measure_languages FOLDER … [--whole] [--model base] [--stay 4] [--memory .5]

Each FOLDER holds clips.jsonl (file, text and perhaps language a line). Every recording is cut into
pieces of 1, 2, 3 and 5 s, or taken whole, such as words that were said alone
(tools/voices_of_languages.py), and the model says how likely each language is in each piece, in a
window as partials have it and in one of 30 s, as a final pass has it. Then sessions are played with
these probabilities: each piece alone; with the right language expected, as by a system in it; with
English expected; sessions of 4 or 100 pieces in one language, then in another, and so on; and, of
languages with short and long pieces, what a person may say in one or two of them.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.speech.endpointer import EndpointerSettings
from sotto.audio.speech.vad import FRAME_SAMPLES, VoiceDetector
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.compute_type import ComputeType
from sotto.inference.decoding.search.decode import detect_language
from sotto.inference.dimensions import HOP_LENGTH
from sotto.inference.encoder_window import short_window, whole_window
from sotto.inference.features import IncrementalLogMel
from sotto.inference.model.whisper_model import WhisperModel
from sotto.inference.streaming.language_choice import LanguageChoice, LanguageSettings
from tools.fixtures.official import official
from tools.peers.speech import ENGLISH, read_folder

LENGTHS_S = (1.0, 2.0, 3.0, 5.0)
LEAST_SPEECH = 0.5  # of a piece; less is a pause with some sound in it
# Pieces are told apart by their length: words and pieces of 1 s, of 2 s, sentences.
BANDS_S = ((0.0, 1.5), (1.5, 3.0), (3.0, 30.0))
# Pieces before the language changes, and how often it does.
TURNS = ((4, 2000), (100, 80))
N_SESSIONS = 400
SEED = 0

WORD, _SHORT, SENTENCE = BANDS_S
# What a person says, in one of two languages, and the row in which it counts.
PLANS = (
    ((SENTENCE, 0, "sentences"),) * 2 + ((WORD, 0, "words behind sentences"),) * 10,
    ((WORD, 0, "words alone, its language expected"),) * 10,
    (
        *((SENTENCE, 0, "sentences"),) * 2,
        *((WORD, 1, "words 1 to 4 of another language"),) * 4,
        *((WORD, 1, "words 5 to 8 of it"),) * 4,
    ),
    (
        *((SENTENCE, 0, "sentences"),) * 3,
        (SENTENCE, 1, "the first sentence of another language"),
        *((WORD, 1, "words behind it"),) * 4,
        (SENTENCE, 0, "the first sentence of the one before"),
        *((WORD, 0, "words behind it"),) * 4,
        (WORD, 1, "the first word of the other again"),
    ),
)

Band = tuple[float, float]
Probabilities = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """What a model hears in a piece of speech."""

    language: str
    seconds: float
    partial: Probabilities
    final: Probabilities


@dataclass(frozen=True, slots=True)
class Judged:
    """A piece in a session: its length, and what it was taken for."""

    seconds: float
    said: str
    heard: str
    is_first: bool  # after a change of language

    @property
    def is_wrong(self) -> bool:
        return self.said != self.heard


def main() -> None:
    arguments = parse_arguments()
    settings = LanguageSettings(
        stay=arguments.stay,
        back=arguments.back,
        expect=arguments.expect,
        memory=arguments.memory,
    )
    checkpoint = load_checkpoint(official(arguments.model))
    model = WhisperModel.load(checkpoint, compute_type=arguments.compute_type)
    lengths_s = () if arguments.whole else LENGTHS_S
    pieces = [
        piece
        for folder in arguments.folders
        for piece in read_pieces(folder, model, lengths_s)
        if not arguments.languages or piece.language in arguments.languages
    ]
    print(Counter(piece.language for piece in pieces))
    print(f"wrong of all, pieces of {', '.join(f'{low:g} to {high:g} s' for low, high in BANDS_S)}")
    show("apart", apart(pieces, settings))
    show("expected", apart(pieces, settings, lambda said: said))
    show("English expected", apart(pieces, settings, lambda _said: ENGLISH))
    for turn, turns in TURNS:
        all_judged = list(in_turns(pieces, settings, turn, turns))
        show(f"turns of {turn}: first", [each for each in all_judged if each.is_first])
        show(f"turns of {turn}: others", [each for each in all_judged if not each.is_first])
    for row, judged_so in as_planned(pieces, settings).items():
        show(row, judged_so)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--whole", action="store_true", help="recordings are pieces as they are")
    parser.add_argument("--languages", nargs="+", help="no others")
    parser.add_argument("--model", default="base", choices=("base",))
    parser.add_argument("--compute-type", type=ComputeType, default=ComputeType.INT8)
    for name in ("stay", "back", "expect", "memory"):
        parser.add_argument(f"--{name}", type=float, default=getattr(LanguageSettings(), name))
    return parser.parse_args()


def read_pieces(folder: Path, model: WhisperModel, lengths_s: Sequence[float]) -> Iterator[Piece]:
    """Yield a folder's recordings cut into pieces of such lengths, or whole where none is given."""
    for recording in read_folder(folder):
        pcm = recording.pcm()
        cuts = [cut(pcm, round(seconds * SAMPLE_RATE)) for seconds in lengths_s]
        for piece in chain.from_iterable(cuts) if lengths_s else (pcm,):
            yield Piece(
                recording.language,
                len(piece) / SAMPLE_RATE,
                hear(model, piece, final=False),
                hear(model, piece, final=True),
            )


def cut(pcm: Pcm, n_samples: int) -> Iterator[Pcm]:
    """Yield the pieces of a recording that are mostly speech."""
    for start in range(0, len(pcm) - n_samples + 1, n_samples):
        piece = pcm[start : start + n_samples]
        detector = VoiceDetector(EndpointerSettings().aggressiveness)
        frames = piece[: n_samples // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
        if sum(map(detector.is_voiced, frames)) >= LEAST_SPEECH * len(frames):
            yield piece


def hear(model: WhisperModel, pcm: Pcm, *, final: bool) -> Probabilities:
    """Return the probability of each language, as `WhisperRecogniser` asks for it."""
    dimensions = model.checkpoint.dimensions
    mel = IncrementalLogMel(model.log_mel, dimensions.n_mels)
    mel.append(pcm)
    n_frames = whole_window(dimensions)
    if not final:
        n_frames = short_window(
            len(pcm) // HOP_LENGTH, dimensions, native_short_window=False, final=False
        )
    audio = model.encode(mel.features(n_frames * HOP_LENGTH - len(pcm)))
    return detect_language(model, audio)


def apart(
    pieces: Sequence[Piece],
    settings: LanguageSettings,
    expect: Callable[[str], str | None] = lambda _said: None,
) -> Iterator[Judged]:
    """Yield each piece as a session of its own, which expects `expect(language)`."""
    for piece in pieces:
        yield judged(piece, LanguageChoice(expected=expect(piece.language), settings=settings))


def in_turns(
    pieces: Sequence[Piece], settings: LanguageSettings, turn: int, turns: int
) -> Iterator[Judged]:
    """Yield a session in which speakers of all languages take turns of so many pieces."""
    rng = random.Random(SEED)
    by_language: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_language.setdefault(piece.language, []).append(piece)
    choice = LanguageChoice(settings=settings)
    language = rng.choice(list(by_language))
    for _ in range(turns):
        language = rng.choice([each for each in by_language if each != language])
        for number in range(turn):
            piece = rng.choice(by_language[language])
            yield judged(piece, choice, is_first=number == 0)
            choice.keep()


def as_planned(
    pieces: Sequence[Piece], settings: LanguageSettings
) -> Mapping[str, Sequence[Judged]]:
    """Return the pieces of people's sessions, each in a pair of languages, by their row."""
    rng = random.Random(SEED)
    of: dict[tuple[str, Band], list[Piece]] = defaultdict(list)
    for piece in pieces:
        for band in BANDS_S:
            if band[0] <= piece.seconds < band[1]:
                of[piece.language, band].append(piece)
    spoken = sorted({code for code, band in of if (code, WORD) in of and (code, SENTENCE) in of})
    rows: dict[str, list[Judged]] = defaultdict(list)
    for plan, _ in product(PLANS, range(N_SESSIONS if len(spoken) > 1 else 0)):
        pair = rng.sample(spoken, 2)
        choice = LanguageChoice(expected=pair[0], settings=settings)
        for band, which, row in plan:
            rows[row].append(judged(rng.choice(of[pair[which], band]), choice))
            choice.keep()
    return rows


def judged(piece: Piece, choice: LanguageChoice, *, is_first: bool = True) -> Judged:
    """Let a session hear a piece, in a whole window where a short one leaves it in doubt."""
    choice.begin()
    heard = choice.observe(piece.partial, piece.seconds)
    if choice.in_doubt:
        heard = choice.observe(piece.final, piece.seconds, is_whole=True)
    return Judged(piece.seconds, piece.language, heard, is_first)


def show(name: str, judged: Iterable[Judged]) -> None:
    all_judged = list(judged)
    cells = []
    for low, high in BANDS_S:
        same = [each for each in all_judged if low <= each.seconds < high]
        n_wrong = sum(each.is_wrong for each in same)
        cells.append(f"{n_wrong:5} of {len(same):5} {100 * n_wrong / max(1, len(same)):5.1f} %")
    mistakes = Counter(f"{each.said}>{each.heard}" for each in all_judged if each.is_wrong)
    print(f"{name:38}", *cells, " ", *(f"{key} {n}" for key, n in mistakes.most_common(6)))


if __name__ == "__main__":
    main()
