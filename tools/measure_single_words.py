r"""Count the single words of people that a session drops.

    python -m tools.measure_single_words [FOLDER …] [--digits FOLDER] [--model base] \
        [--conditions clean noise-10 room] [--ways live file] [--count 4] [--of-each 6] [--nth 15]

Whoever says "yes" and nothing else wants to read it; what keeps barks and coughs out of the text
(`tools.measure_no_speech`) must not keep it out. Words are cut out of the recordings of each FOLDER
(as in `tools.measure_streaming`) where the model itself finds them in the file; --digits names the
recordings of the Free Spoken Digit Dataset ("7_jackson_32.wav"), of which every nth is heard. A
second of silence lies on either side. `live`, each goes through a session of its own on simulated
time; `file` is what `sotto transcribe` makes of it.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import numpy as np

from sotto.app.core.events import Final
from sotto.app.core.models.loader import voiced
from sotto.app.core.transcription import transcribe_recording
from sotto.audio.files.reading import read_audio
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.inference.compute_type import best_compute_type
from sotto.inference.decoding import TranscribeOptions, transcribe
from sotto.inference.interfaces import Model
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings
from tools import simulated_session
from tools.listening_conditions import CONDITIONS, SEED
from tools.measure_streaming import load
from tools.peers.speech import ENGLISH, Recording, read_folder
from tools.word_error import word_errors

AROUND_S = 1.0  # of silence
BEFORE_S, BEHIND_S = 0.05, 0.1  # of what lies around a word in its sentence
DECODE_S = 0.07
FILE_OPTIONS = TranscribeOptions(language=ENGLISH, beam_size=5)  # the command's
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class SpokenWord(Recording):
    """A word by itself.

    Attributes:
        sound: (n_samples,), 16 kHz, [-1, 1].
    """

    sound: Pcm = field(kw_only=True)

    def pcm(self) -> Pcm:
        """See `Recording.pcm`."""
        silence = np.zeros(round(AROUND_S * SAMPLE_RATE), np.float32)
        return np.concatenate((silence, self.sound, silence))


def main() -> None:
    arguments = parse_arguments()
    model = load(arguments.model, best_compute_type())
    sets: dict[str, list[SpokenWord]] = {}
    if arguments.folders:
        read = [r for folder in arguments.folders for r in read_folder(folder, arguments.count)]
        sets["words out of sentences"] = list(cut_out(read, model, arguments.of_each))
    if arguments.digits:
        sets["digits"] = list(digits(arguments.digits, arguments.nth))
    print("| | words | dropped | heard rightly |")
    print("|---|---:|---:|---:|")
    for name, words in sets.items():
        for condition, way in product(arguments.conditions, arguments.ways):
            clips = CONDITIONS[condition](words)
            heard = [(clip.text, WAYS[way](model, clip.pcm)) for clip in clips]
            row = f"{name}, {condition}, {way}"
            print(f"| {row} | {len(heard)} | {n_dropped(heard)} | {n_right(heard)} |")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--digits", type=Path, metavar="FOLDER")
    parser.add_argument("--model", default="base", help="tiny.en, base, or a folder")
    parser.add_argument("--conditions", nargs="+", default=["clean"], choices=CONDITIONS)
    parser.add_argument("--ways", nargs="+", default=["live"], choices=WAYS)
    parser.add_argument("--count", type=int, default=4, help="utterances of each reader")
    parser.add_argument("--of-each", type=int, default=6, help="words of each recording")
    parser.add_argument("--nth", type=int, default=15, help="every so many digits")
    return parser.parse_args()


def cut_out(recordings: Iterable[Recording], model: Model, n: int) -> Iterator[SpokenWord]:
    """Yield n words of each recording, drawn with a fixed seed."""
    rng = np.random.default_rng(SEED)
    options = TranscribeOptions(language=ENGLISH, word_timestamps=True)
    for recording in recordings:
        pcm = recording.pcm()
        words = [
            word for part in transcribe(model, pcm, options).segments for word in part.words or ()
        ]
        for index in rng.choice(len(words), min(n, len(words)), replace=False):
            word = words[index]
            start, end = word.start - BEFORE_S, word.end + BEHIND_S
            sound = pcm[max(0, round(start * SAMPLE_RATE)) : round(end * SAMPLE_RATE)]
            yield SpokenWord(recording.source, recording.path, word.word.strip(), sound=sound)


def digits(folder: Path, nth: int) -> Iterator[SpokenWord]:
    """Yield every nth recording of the Free Spoken Digit Dataset."""
    for path in sorted(folder.glob("?_*.wav"))[::nth]:
        word = DIGITS[int(path.name[0])]
        yield SpokenWord(folder.name, path, word, sound=read_audio(path))


def live(model: Model, pcm: Pcm) -> str:
    recogniser = voiced(WhisperRecogniser(model, WhisperSettings(language=ENGLISH)))
    events = simulated_session.listen(pcm, recogniser, decode_s=DECODE_S).events
    return " ".join(event.text for event in events if isinstance(event, Final))


def file(model: Model, pcm: Pcm) -> str:
    return transcribe_recording(model, pcm, FILE_OPTIONS).text


WAYS: dict[str, Callable[[Model, Pcm], str]] = {"live": live, "file": file}


def n_dropped(heard: Iterable[tuple[str, str]]) -> int:
    return sum(not text for _, text in heard)


def n_right(heard: Iterable[tuple[str, str]]) -> int:
    return sum(word_errors([pair]).rate == 0 for pair in heard)


if __name__ == "__main__":
    main()
