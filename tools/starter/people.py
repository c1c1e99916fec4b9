"""People's speech for the corpus, from LibriSpeech.

    python -m tools.starter.people CORPUS --checkpoint RUN/checkpoint.pt

writes CORPUS/people-000 in the format of tools.starter.corpus. LibriSpeech has words alone. What
else is to be learnt, a model that was trained on synthesised speech knows when it is told the
words: their times by its CTC head, punctuation and capitals by its decoder.
"""

import argparse
import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray
from torch import Tensor

from tools.starter.alignment import align
from tools.starter.batches import POSITION_S, log_mel
from tools.starter.config import read_config
from tools.starter.conventions import names_in
from tools.starter.corpus import MAX_S, write_part
from tools.starter.librispeech import HELD_OUT, Utterance, read_librispeech
from tools.starter.model import CTC_CHARACTERS, Whisper
from tools.starter.text import read_sources
from tools.starter.tokenizer import Tokenizer
from tools.starter.voices.speech import SAMPLE_RATE, Speech, finish
from tools.starter.windows import GRANULE

MARKS = (",", ";", ":", ".", "?", "!")
ENDS = (".", "?", "!")
ROUNDS = 3  # the second sees the marks of the first
SURE = 0.5  # of all that the decoder may say next
WRITTEN = {"mister": "Mr.", "missus": "Mrs."}
# A spike of CTC stands somewhere inside its letter.
EARLIER_S, LATER_S = 0.04, 0.06


class Listener:
    """A trained model that knows what is said, and says how and when.

    Args:
        checkpoint: of the training.
        tokenizer: the model's.
        names: what always has a capital, in small letters.
    """

    def __init__(self, checkpoint: Path, tokenizer: Tokenizer, names: frozenset[str]) -> None:
        state = torch.load(checkpoint, map_location="cpu", weights_only=True)
        self._model = Whisper(read_config().model, tokenizer.vocab_size).eval()
        self._model.load_state_dict(state["model"])
        self._tokenizer = tokenizer
        self._names = names

    def listen(self, pcm: NDArray[np.float32], words: tuple[str, ...]) -> Speech:
        """Return what is said as it is written, and when.

        Raises:
            ValueError: The words are too many for the sound.
        """
        with torch.inference_mode():
            memory = self._model.model.encoder(log_mel(pcm)[None])
            log_probs = self._model.ctc(memory)[0].log_softmax(-1).numpy()
            starts_s, ends_s = _times(log_probs, words)
            return finish(pcm, SAMPLE_RATE, self._written(memory, words), starts_s, ends_s)

    def _written(self, memory: Tensor, words: tuple[str, ...]) -> tuple[str, ...]:
        text = [WRITTEN.get(word, word) for word in words]
        marks = [""] * len(words)
        for _ in range(ROUNDS):
            text, marks = self._revised(memory, text, marks)
        return tuple(word.removesuffix(mark) + mark for word, mark in zip(text, marks, strict=True))

    def _revised(
        self, memory: Tensor, text: list[str], marks: list[str]
    ) -> tuple[list[str], list[str]]:
        """Return words and the marks behind them as the decoder expects them in this text."""
        tokens = [self._tokenizer.sot, self._tokenizer.no_timestamps]
        before, behind = [], []  # where a word, and where what is behind it, is to be said
        for word, mark in zip(text, marks, strict=True):
            before.append(len(tokens) - 1)
            tokens += self._tokenizer.encode(f" {word}")
            behind.append(len(tokens) - 1)
            tokens += self._tokenizer.encode(mark)
        logits = self._model.model.decoder(torch.tensor([tokens]), memory)[0][0]
        expected = logits.softmax(-1)
        marks = [self._mark(expected[i]) for i in behind]
        marks[-1] = marks[-1] if marks[-1] in ENDS else "."
        ended = [True, *(mark in ENDS for mark in marks[:-1])]
        return [
            self._cased(word, expected[i], is_first=is_first)
            for i, word, is_first in zip(before, text, ended, strict=True)
        ], marks

    def _mark(self, expected: Tensor) -> str:
        """Return the mark that is expected rather than anything else; "" for none."""
        shares = {mark: float(expected[self._tokenizer.encode(mark)[0]]) for mark in MARKS}
        likeliest = max(shares, key=shares.__getitem__)
        return likeliest if shares[likeliest] > SURE else ""

    def _cased(self, word: str, expected: Tensor, *, is_first: bool) -> str:
        if word in WRITTEN.values():
            return word
        capital = word[0].upper() + word[1:]
        token = self._tokenizer.encode(f" {capital}")[0]
        is_name = word.removesuffix("'s").lower() in self._names
        return capital if is_first or is_name or expected[token] > SURE else word.lower()


def _times(
    log_probs: NDArray[np.float32], words: tuple[str, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where words start and end (n_words,), in seconds."""
    spans = align(log_probs, [CTC_CHARACTERS.index(letter) + 1 for letter in " ".join(words)])
    lengths = np.array([len(word) for word in words])
    first = np.cumsum([0, *(lengths + 1)])[:-1]
    starts_s = spans[first, 0] * POSITION_S - EARLIER_S
    ends_s = (spans[first + lengths - 1, 1] + 1) * POSITION_S + LATER_S
    middles_s = (starts_s[1:] + ends_s[:-1]) / 2
    latest_s = starts_s[1:] + EARLIER_S  # the spike itself
    starts_s[1:] = np.clip(middles_s, starts_s[1:], latest_s)
    ends_s[:-1] = np.minimum(ends_s[:-1], starts_s[1:])
    return starts_s, ends_s


def heard(utterances: Iterable[Utterance], listener: Listener) -> Iterator[tuple[str, Speech]]:
    """Yield what people say, leaving out what is too long, or too fast for its words."""
    for utterance in utterances:
        pcm, rate = soundfile.read(utterance.path, dtype="float32")
        assert rate == SAMPLE_RATE, utterance.path
        pcm = pcm[: len(pcm) // GRANULE * GRANULE]
        if len(pcm) <= MAX_S * SAMPLE_RATE:
            with suppress(ValueError):
                yield f"librispeech-{utterance.reader}", listener.listen(pcm, utterance.words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, default=Path("sotto/assets/models/starter-en"))
    arguments = parser.parse_args()
    config = read_config()
    sources = read_sources(config.text)
    names = names_in((*sources.novels, *sources.sentences))
    listener = Listener(arguments.checkpoint, Tokenizer(arguments.tokenizer), names)
    every = read_librispeech(config.people)
    utterances = (each for each in every if each.reader not in HELD_OUT)
    write_part(arguments.corpus / "people-000", heard(utterances, listener), math.inf)


if __name__ == "__main__":
    main()
