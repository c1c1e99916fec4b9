"""Windows of sound as the model is to hear them, and what is said in each."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tools.starter.augment import AugmentationSettings, Augmenter
from tools.starter.config import WindowSettings
from tools.starter.corpus import Clip
from tools.starter.passages import Passage
from tools.starter.voices.speech import SAMPLE_RATE

MIN_S, MAX_S = 0.5, 29.9
GRANULE = 320  # samples of an encoder position, 20 ms
EDGE_S = 0.9  # of silence before and behind the speech at most, and mostly little
PAUSE_S = (0.2, 1.2)  # inside and between sentences
CUT_S = 0.25  # of speech that a window ending in its middle has at least
GLOSSARY = 8  # words at most


@dataclass(frozen=True, slots=True)
class Window:
    """Sound, and what is said in it.

    Attributes:
        pcm: (n_samples,), 16 kHz, a whole number of encoder positions.
        lines: What is said (segments, in Whisper's terms), with times in the window.
        prompt: What the model is told of the words before it.
        with_timestamps: Whether the model is asked for times too.
    """

    pcm: NDArray[np.float32]
    lines: tuple[Passage, ...]
    prompt: str = ""
    with_timestamps: bool = False


class WindowMaker:
    """Draws windows from a corpus. Owned by one process."""

    def __init__(
        self,
        clips: list[Clip],
        settings: WindowSettings,
        augmenter: Augmenter,
        augmentation: AugmentationSettings,
        strength: float,
    ) -> None:
        self._clips = clips
        self._settings = settings
        self._augmenter = augmenter
        self._augmentation = augmentation
        self._strength = strength

    def draw(self, rng: np.random.Generator) -> Window:
        """Return a window of some kind, augmented."""
        window = self._draw(rng)
        return replace(window, with_timestamps=bool(rng.random() < self._settings.timestamps))

    def _draw(self, rng: np.random.Generator) -> Window:
        if rng.random() < self._settings.nothing:
            return self._nothing(rng)
        window = self._long(rng) if rng.random() < self._settings.long else self._short(rng)
        return replace(window, pcm=self._augmenter(window.pcm, rng, self._strength))

    def _nothing(self, rng: np.random.Generator) -> Window:
        n_positions = round(rng.triangular(MIN_S, 2, 12) * SAMPLE_RATE / GRANULE)
        return Window(self._augmenter.noise_only(n_positions * GRANULE, rng), ())

    def _short(self, rng: np.random.Generator) -> Window:
        """Return a clip, or the beginning of one, or the end of one with the words before it."""
        passage, prompt = self._passage(rng), ""
        if len(passage.words) > 3 and rng.random() < self._settings.prompt:
            head, passage = passage.split(int(rng.integers(1, len(passage.words) - 1)))
            prompt = head.text
        elif rng.random() < self._settings.glossary:
            prompt = self._glossary(passage, rng)
        if rng.random() < self._settings.cut and passage.duration_s > 2 * CUT_S:
            passage = passage.until(rng.uniform(CUT_S, passage.duration_s))
            return replace(_laid([passage], rng, tail_s=0.0), prompt=prompt)
        return replace(_laid([passage], rng, _edge_s(rng)), prompt=prompt)

    def _long(self, rng: np.random.Generator) -> Window:
        """Return several clips, one after the other."""
        lines = [self._passage(rng)]
        wanted_s = rng.uniform(6, MAX_S)
        prompt = ""
        if rng.random() < self._settings.prompt:
            prompt, lines = lines[0].text, [self._passage(rng)]
        while sum(line.duration_s + PAUSE_S[1] for line in lines) < wanted_s:
            lines.append(self._passage(rng))
        return replace(_laid(lines, rng, _edge_s(rng)), prompt=prompt)

    def _passage(self, rng: np.random.Generator) -> Passage:
        passage = Passage.of(self._clips[rng.integers(len(self._clips))])
        if rng.random() < self._strength:
            passage = passage.warped(self._augmentation, rng)
        if len(passage.words) > 1 and rng.random() < self._settings.pause:
            head, tail = passage.split(int(rng.integers(1, len(passage.words))))
            passage = head.then(tail, rng.uniform(*PAUSE_S))
        return passage

    def _glossary(self, passage: Passage, rng: np.random.Generator) -> str:
        """Return words to listen for, as Sotto lists them: some that come, and some that do not.

        They are long ones rather than short ones, as the words of a user's vocabulary are.
        """
        others = [self._clips[i].words for i in rng.integers(len(self._clips), size=GLOSSARY // 2)]
        among = [*passage.words, *(words[rng.integers(len(words))] for words in others)]
        n = int(rng.integers(1, GLOSSARY + 1))
        chosen = dict.fromkeys(max(rng.choice(among, size=3), key=len) for _ in range(n))
        terms = ", ".join(str(word).strip(".,?!;:\"'") for word in chosen)
        return f"Glossary: {terms}."


def _edge_s(rng: np.random.Generator) -> float:
    return EDGE_S * float(rng.random()) ** 2


def _laid(lines: list[Passage], rng: np.random.Generator, tail_s: float) -> Window:
    """Lay lines one behind the other, as many as a window holds."""
    at_s = _edge_s(rng)
    sounds: list[tuple[float, Passage]] = []
    for line in lines:
        if at_s + line.duration_s > MAX_S and sounds:
            break
        sounds.append((at_s, line))
        at_s += line.duration_s + rng.uniform(*PAUSE_S)
    start_s, last = sounds[-1]
    end_s = min(max(start_s + last.duration_s + tail_s, MIN_S), MAX_S)
    pcm = np.zeros(round(end_s * SAMPLE_RATE / GRANULE) * GRANULE, np.float32)
    for start_s, line in sounds:
        begin = round(start_s * SAMPLE_RATE)
        room = pcm[begin : begin + len(line.pcm)]
        room += line.pcm[: len(room)]
    return Window(pcm, tuple(_at(start_s, line) for start_s, line in sounds if line.words))


def _at(start_s: float, line: Passage) -> Passage:
    return replace(line, starts_s=line.starts_s + start_s, ends_s=line.ends_s + start_s)
