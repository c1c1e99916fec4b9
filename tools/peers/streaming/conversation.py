"""The sound that every program hears: recordings of people with natural pauses between them."""

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.decoding import TranscribeOptions, transcribe
from sotto.inference.interfaces import Model
from sotto.inference.model.whisper_model import WhisperModel
from tools.fixtures.official import official
from tools.listening_conditions import ROOM_TONE, Clip
from tools.peers.speech import Recording
from tools.streaming_measures import normalised

SEED = 0
LEAD_S = 1.0  # before the first word
TAIL_S = 4.0  # behind the last: programs that wait for a pause to be final get one
PAUSES_S = (0.8, 2.0)  # between people's sentences
LOUD = 0.5  # the peak of each recording: readers sat at various distances


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word, and when it had been said, in seconds of the sound."""

    word: str
    end_s: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A recording within the sound.

    Attributes:
        text: what is said.
        end_s: where speech ends, in seconds of the sound.
        words: its words and when each had been said, as far as they were heard offline.
    """

    text: str
    end_s: float
    words: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is heard.

    Attributes:
        pcm: (n_samples,), 16 kHz, [-1, 1].
        sentences: what is said in it, in order.
    """

    pcm: Pcm
    sentences: tuple[Sentence, ...]

    @property
    def duration_s(self) -> float:
        """Seconds of sound."""
        return len(self.pcm) / SAMPLE_RATE

    @property
    def text(self) -> str:
        """All that is said."""
        return " ".join(sentence.text for sentence in self.sentences)

    def pcm16(self) -> bytes:
        """Return the samples, 16-bit little-endian."""
        return (np.clip(self.pcm, -1, 1) * (2**15 - 1)).astype("<i2").tobytes()

    def write(self, path: Path) -> None:
        """Write the samples to `path`.npy and the words to `path`.json."""
        np.save(path.with_suffix(".npy"), self.pcm)
        said = [asdict(sentence) for sentence in self.sentences]
        path.with_suffix(".json").write_text(json.dumps(said, indent=1), encoding="utf-8")


def read_conversation(path: Path) -> Conversation:
    """Read what `Conversation.write` wrote."""
    said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    sentences = [
        Sentence(each["text"], each["end_s"], tuple(Spoken(**word) for word in each["words"]))
        for each in said
    ]
    return Conversation(np.load(path.with_suffix(".npy")), tuple(sentences))


def choose(recordings: Sequence[Recording], seconds: float, n: int) -> list[list[Recording]]:
    """Draw `n` disjoint lists of recordings with a fixed seed, each at most so long when joined.

    Speakers change as chance has it.
    """
    waiting = list(recordings)
    random.Random(SEED).shuffle(waiting)
    return [_draw(waiting, seconds - LEAD_S - TAIL_S) for _ in range(n)]


def _draw(waiting: list[Recording], seconds: float) -> list[Recording]:
    """Take from the waiting ones as they come, as long as there is room."""
    drawn: list[Recording] = []
    while waiting:
        seconds -= len(waiting[0].pcm()) / SAMPLE_RATE + max(PAUSES_S)
        if seconds < 0:
            break
        drawn.append(waiting.pop(0))
    return drawn


def join(recordings: Sequence[Recording], model: Model) -> Conversation:
    """Join recordings; `model` hears when each word was said."""
    rng = np.random.default_rng(SEED)
    parts, sentences = [_room(rng, LEAD_S)], []
    n_samples = len(parts[0])
    for recording in recordings:
        pcm = recording.pcm()
        pcm = pcm * np.float32(LOUD / np.max(np.abs(pcm)))
        sentences.append(_sentence(recording, pcm, n_samples / SAMPLE_RATE, model))
        parts += [pcm, _room(rng, rng.uniform(*PAUSES_S))]
        n_samples += len(parts[-2]) + len(parts[-1])
    return Conversation(np.concatenate([*parts, _room(rng, TAIL_S)]), tuple(sentences))


def _sentence(recording: Recording, pcm: Pcm, start_s: float, model: Model) -> Sentence:
    options = TranscribeOptions(language=recording.language, word_timestamps=True)
    heard = transcribe(model, pcm, options)
    words = [word for segment in heard.segments for word in segment.words or ()]
    spoken = [Spoken(w, start_s + word.end) for word in words for w in normalised(word.word)]
    clip = Clip(recording.path.stem, recording.text, recording.language, pcm)
    return Sentence(recording.text, start_s + clip.speech_end_s, tuple(spoken))


def _room(rng: np.random.Generator, seconds: float) -> Pcm:
    """Return a quiet room."""
    noise = rng.normal(size=round(seconds * SAMPLE_RATE))
    return (ROOM_TONE * noise).astype(np.float32)


def listener() -> Model:
    """Return the model that says when words were spoken, the same for all programs."""
    return WhisperModel.load(load_checkpoint(official("base")))
