"""Make the sets that the model is judged by, once.

    python -m tools.starter.evaluation_sets FOLDER [SET …] [--count 100]

writes FOLDER/SET with clips.jsonl: file, text, voice, where speech begins and ends, and each
segment of it, in seconds. The same seed gives the same texts, voices and noises; the sound is the
same if the same sets are made in one go, as synthesisers draw their breath from one generator. No
text of theirs is trained on; which voices are not, `voices` decides.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from tools.starter.augment import AugmentationSettings, Augmenter, room_and_noise
from tools.starter.config import Config, read_config
from tools.starter.evaluation_clips import SAMPLE_RATE, Span, Spoken, write_set
from tools.starter.grammar import MAX_WORDS, held_out_dictation
from tools.starter.librispeech import HELD_OUT, read_librispeech
from tools.starter.text import read_sentences
from tools.starter.voices import Voice, held_out_voice, known_voice, speak
from tools.starter.voices.speech import Speech, SynthesisError

COUNT = 100  # clips of a set: about 1,500 words, so that 3 % is known to half a point
PARAGRAPHS_PART = 0.3  # they are three times as long
SNR_DB = 10.0
NOTHING_S, NOTHING_CLIP_S = 600.0, 15.0

PARAGRAPH_S = (15.0, 30.0)
PARAGRAPH_SENTENCES = (2, 5)
PAUSE_S = (0.4, 1.5)  # between the sentences of a paragraph
LEAD_S = (0.2, 0.8)  # of silence on either side of what is said

PickVoice = Callable[[random.Random], Voice]


@dataclass(frozen=True, slots=True)
class Materials:
    """What sets are made of: the training's settings, held-out sentences, clips wanted a set."""

    config: Config
    sentences: tuple[str, ...]
    everyday: tuple[str, ...]
    count: int

    def rng(self, purpose: str) -> random.Random:
        return random.Random(f"{self.config.seed} {purpose}")

    def known_voice(self, rng: random.Random) -> Voice:
        """Return a voice of the training, but no foreigner's."""
        return known_voice(rng, replace(self.config.share, foreign=0))


def held_out_sentences(materials: Materials) -> Iterator[Spoken]:
    """Yield sentences by voices of the training."""
    return _sentences(materials, materials.known_voice)


def held_out_voices(materials: Materials) -> Iterator[Spoken]:
    """Yield the same sentences by voices that the training has not heard."""
    return _sentences(materials, held_out_voice)


def noisy_rooms(materials: Materials) -> Iterator[Spoken]:
    """Yield what `held_out_voices` does, heard in a room with noise."""
    for index, spoken in enumerate(held_out_voices(materials)):
        rng = np.random.default_rng([materials.config.seed, index])
        pcm = room_and_noise(spoken.pcm, SNR_DB, rng)
        yield Spoken(pcm, spoken.text, spoken.voice, spoken.segments)


def dictation(materials: Materials) -> Iterator[Spoken]:
    """Yield held-out texts of the grammar by voices of the training."""
    rng = materials.rng("dictation")
    text_rng = np.random.default_rng(materials.config.seed)
    for _ in range(materials.count):
        yield _said(held_out_dictation(text_rng), materials.known_voice, rng)


def everyday(materials: Materials) -> Iterator[Spoken]:
    """Yield everyday sentences by voices of the training."""
    rng = materials.rng("everyday")
    for sentence in islice(cycle(materials.everyday), materials.count):
        yield _said(sentence, materials.known_voice, rng)


def paragraphs(materials: Materials) -> Iterator[Spoken]:
    """Yield sentences with pauses between them, all by one voice."""
    rng = materials.rng("paragraphs")
    # Those that `held_out_sentences` leaves over come first.
    sentences = cycle(materials.sentences[materials.count :] or materials.sentences)
    for _ in range(round(PARAGRAPHS_PART * materials.count)):
        yield _paragraph(sentences, materials.known_voice, rng)


def readers(materials: Materials) -> Iterator[Spoken]:
    """Yield what people read aloud of whom the training has heard nothing."""
    utterances = [
        each for each in read_librispeech(materials.config.people) if each.reader in HELD_OUT
    ]
    for utterance in materials.rng("readers").sample(utterances, materials.count):
        pcm, rate = soundfile.read(utterance.path, dtype="float32")
        assert rate == SAMPLE_RATE, utterance.path
        yield Spoken(pcm, " ".join(utterance.words), f"librispeech-{utterance.reader}")


def nothing(materials: Materials) -> Iterator[Spoken]:
    """Yield ten minutes in which nobody speaks."""
    seed = materials.config.seed
    augmenter = Augmenter(AugmentationSettings(), [], np.random.default_rng(seed))
    for index in range(round(NOTHING_S / NOTHING_CLIP_S)):
        rng = np.random.default_rng([seed, index])
        n_samples = round(NOTHING_CLIP_S * SAMPLE_RATE)
        yield Spoken(augmenter.noise_only(n_samples, rng), "", "nothing")


SETS: dict[str, Callable[[Materials], Iterator[Spoken]]] = {
    "held-out-sentences": held_out_sentences,
    "held-out-voices": held_out_voices,
    "room-and-noise": noisy_rooms,
    "dictation": dictation,
    "everyday": everyday,
    "paragraphs": paragraphs,
    "readers": readers,
    "nothing": nothing,
}


def _sentences(materials: Materials, voice: PickVoice) -> Iterator[Spoken]:
    rng = materials.rng("sentences")
    for sentence in islice(cycle(materials.sentences), materials.count):
        yield _said(sentence, voice, rng)


def _said(text: str, pick: PickVoice, rng: random.Random) -> Spoken:
    """Say a text with the first voice that does not stumble over it."""
    while True:
        voice = pick(rng)
        with suppress(SynthesisError):
            return _joined([speak(voice, text)], voice, rng)


def _paragraph(sentences: Iterator[str], pick: PickVoice, rng: random.Random) -> Spoken:
    """Say sentences until they are long enough, again if they come out too long or too many."""
    while True:
        voice = pick(rng)
        with suppress(SynthesisError):
            spoken = _joined(_enough(sentences, voice), voice, rng)
            n_sentences, duration_s = len(spoken.segments), len(spoken.pcm) / SAMPLE_RATE
            if n_sentences <= PARAGRAPH_SENTENCES[1] and duration_s <= PARAGRAPH_S[1]:
                return spoken


def _enough(sentences: Iterator[str], voice: Voice) -> list[Speech]:
    speeches: list[Speech] = []
    while (
        len(speeches) < PARAGRAPH_SENTENCES[0]
        or sum(len(speech.pcm) for speech in speeches) < PARAGRAPH_S[0] * SAMPLE_RATE
    ):
        speeches.append(speak(voice, next(sentences)))
    return speeches


def _joined(speeches: list[Speech], voice: Voice, rng: random.Random) -> Spoken:
    """Put sentences behind one another, with silence between and around them."""
    parts: list[NDArray[np.float32]] = [_silence(rng, LEAD_S)]
    segments = []
    for index, speech in enumerate(speeches):
        if index:
            parts.append(_silence(rng, PAUSE_S))
        segments.append(_span(speech, sum(map(len, parts)) / SAMPLE_RATE))
        parts.append(speech.pcm)
    parts.append(_silence(rng, LEAD_S))
    text = " ".join(word for speech in speeches for word in speech.words)
    return Spoken(np.concatenate(parts), text, str(voice), tuple(segments))


def _span(speech: Speech, offset_s: float) -> Span:
    return offset_s + float(speech.starts_s[0]), offset_s + float(speech.ends_s[-1])


def _silence(rng: random.Random, seconds: tuple[float, float]) -> NDArray[np.float32]:
    return np.zeros(round(rng.uniform(*seconds) * SAMPLE_RATE), np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    parser.add_argument("--count", type=int, default=COUNT, help="clips of a set")
    arguments = parser.parse_args()
    config = read_config()
    materials = Materials(
        config,
        _texts(config.text.books, config.seed),
        _texts(config.text.everyday, config.seed),
        arguments.count,
    )
    for name in arguments.sets or SETS:
        print(name, flush=True)
        write_set(arguments.folder / name, SETS[name](materials))


def _texts(path: Path, seed: int) -> tuple[str, ...]:
    """Return the held-out sentences that are short enough to be trained on, in seeded order."""
    _, held_out = read_sentences(path)
    texts = [text for text in held_out if len(text.split()) <= MAX_WORDS]
    random.Random(seed).shuffle(texts)
    return tuple(texts)


if __name__ == "__main__":
    main()
