r"""Count the words that models invent where nobody speaks.

    python -m tools.measure_no_speech [FOLDER …] [--model base] [--minutes 3] \
        [--voices FOLDER] [--ways live behind file] [--json FILE]

Hears so many minutes of every sound in `tools.no_speech_sounds`, and all sound files of each
FOLDER, told apart by the folder they lie in. With --voices, a folder of people's recordings, a
crowd far away is among them. `live` is a session on simulated time, `behind` one in which somebody
said something 0.9 s before, `file` what `sotto transcribe` makes of it, each piece of 10 s and each
recording by itself. A word is anything between spaces.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from sotto.app.core.events import Event, Final, Partial
from sotto.app.core.models.loader import voiced
from sotto.app.core.transcription import transcribe_recording
from sotto.audio.files.reading import read_audio
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.inference.compute_type import best_compute_type
from sotto.inference.decoding import TranscribeOptions
from sotto.inference.interfaces import Model
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tools import simulated_session
from tools.listening_conditions import SEED
from tools.measure_streaming import load
from tools.no_speech_sounds import with_voices
from tools.peers.speech import read_folder

PIECE_S = 10.0
FILES = ("*.ogg", "*.wav", "*.flac")
N_VOICES = 8
LANGUAGE = "en"
FILE_OPTIONS = TranscribeOptions(language=LANGUAGE, beam_size=5)  # the command's
SPOKEN = Path(__file__).parents[1] / "tests" / "clips" / "human" / "LJ001-0011.flac"
PAUSE_S = 0.9  # long enough to end an utterance, short enough for the next to follow it closely
DECODE_S = 0.1  # what each decode is said to take: a busy machine changes no word

Way = Callable[[Model, Pcm], tuple[str, str]]
"""Takes a model and a sound; gives the text kept, and the text that was shown on the way."""


def main() -> None:
    arguments = parse_arguments()
    model = load(arguments.model, best_compute_type())
    sounds = made(arguments.minutes, arguments.voices) | {
        name: sound for folder in arguments.folders for name, sound in recorded(folder).items()
    }
    rows = [
        Row.of(way, name, pieces, model)
        for way in arguments.ways
        for name, pieces in sounds.items()
    ]
    if arguments.json:
        content = json.dumps(list(map(asdict, rows)), ensure_ascii=False, indent=1)
        arguments.json.write_text(content + "\n", encoding="utf-8")
    print(table(rows))


@dataclass(frozen=True, slots=True)
class Row:
    """What was heard in a sound: the texts kept, and the longest that were shown on the way."""

    way: str
    sound: str
    minutes: float
    kept: tuple[str, ...]
    shown: tuple[str, ...]

    @classmethod
    def of(cls, way: str, sound: str, pieces: Sequence[Pcm], model: Model) -> "Row":
        heard = [WAYS[way](model, piece) for piece in pieces]
        minutes = sum(map(len, pieces)) / SAMPLE_RATE / 60
        kept, shown = (tuple(filter(None, texts)) for texts in zip(*heard, strict=True))
        print(f"{way}, {sound}: {' | '.join(kept) or '-'}", file=sys.stderr)
        return cls(way, sound, minutes, kept, shown)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--model", default="base", help="tiny.en, base, or a folder")
    parser.add_argument("--minutes", type=float, default=3.0, help="of each sound that is made")
    parser.add_argument("--voices", type=Path, metavar="FOLDER", help="for the crowd far away")
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=WAYS)
    parser.add_argument("--json", type=Path, metavar="FILE", help="all that was heard")
    return parser.parse_args()


def made(minutes: float, voices: Path | None) -> dict[str, list[Pcm]]:
    """Return pieces of the sounds that are made."""
    speakers = [r.pcm() for r in read_folder(voices)[:N_VOICES]] if voices else []
    sounds = with_voices(tuple(speakers))
    if not speakers:
        del sounds["babble"]
    n_pieces = max(1, round(60 * minutes / PIECE_S))
    n_samples = round(PIECE_S * SAMPLE_RATE)
    return {
        name: [make(n_samples, np.random.default_rng((SEED, i))) for i in range(n_pieces)]
        for name, make in sounds.items()
    }


def recorded(folder: Path) -> dict[str, list[Pcm]]:
    """Return the recordings under a folder, by the name of the folder they lie in."""
    found = defaultdict(list)
    for path in sorted(path for pattern in FILES for path in folder.rglob(pattern)):
        found[path.parent.name].append(read_audio(path))
    return dict(found)


def live(model: Model, pcm: Pcm) -> tuple[str, str]:
    recogniser = voiced(WhisperRecogniser(model, WhisperSettings(language=LANGUAGE)))
    events = simulated_session.listen(pcm, recogniser, decode_s=DECODE_S).events
    kept = " ".join(event.text for event in events if isinstance(event, Final))
    return kept, max(_shown(events), key=len, default="")


def behind(model: Model, pcm: Pcm) -> tuple[str, str]:
    pause = np.zeros(round(PAUSE_S * SAMPLE_RATE), np.float32)
    recogniser = voiced(WhisperRecogniser(model, WhisperSettings(language=LANGUAGE)))
    pcm = np.concatenate((read_audio(SPOKEN), pause, pcm))
    events = simulated_session.listen(pcm, recogniser, decode_s=DECODE_S).events
    invented = [event for event in events if isinstance(event, Final | Partial) and event.utterance]
    kept = " ".join(event.text for event in invented if isinstance(event, Final))
    return kept, max(_shown(invented), key=len, default="")


def file(model: Model, pcm: Pcm) -> tuple[str, str]:
    text = transcribe_recording(model, pcm, FILE_OPTIONS).text
    return text, text


WAYS: dict[str, Way] = {"live": live, "behind": behind, "file": file}


def _shown(events: Sequence[Event]) -> Iterator[str]:
    for event in events:
        if isinstance(event, Partial):
            yield event.committed + event.tentative


def table(rows: Sequence[Row]) -> str:
    """Return the words kept, and those that were ever shown, in each sound."""
    lines = ["| way | sound | minutes | words kept | words shown |", "|---|---|---:|---:|---:|"]
    for way in dict.fromkeys(row.way for row in rows):
        of_way = [row for row in rows if row.way == way]
        lines += [_line(way, row.sound, [row]) for row in of_way]
        lines.append(_line(way, "**all**", of_way))
    return "\n".join(lines)


def _line(way: str, name: str, rows: Sequence[Row]) -> str:
    minutes = sum(row.minutes for row in rows)
    kept = _n_words(text for row in rows for text in row.kept)
    shown = _n_words(text for row in rows for text in row.shown)
    return f"| {way} | {name} | {minutes:.1f} | {kept} | {shown} |"


def _n_words(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)


if __name__ == "__main__":
    main()
