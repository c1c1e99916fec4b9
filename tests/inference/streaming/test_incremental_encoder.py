"""What of growing audio is encoded again, and that it is heard as if all of it were."""

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sotto.audio.input.source import SAMPLE_RATE
from sotto.inference.interfaces import Array, Window
from sotto.inference.model.whisper_model import WhisperModel
from sotto.inference.streaming.incremental_encoder import (
    BEFORE,
    BEGINNING,
    BEHIND,
    IncrementalEncoder,
)
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser
from tests.helpers.scripted_model import ScriptedAudio, ScriptedModel
from tools.fixtures.clips import human_clips
from tools.fixtures.official import Official
from tools.streaming_measures import normalised
from tools.word_error import word_errors

LENGTHS = (384, 512, 640)


class NotingModel(ScriptedModel):
    """Notes which positions of a window are encoded."""

    def __init__(self) -> None:
        super().__init__(lambda _window, _tokens: {}, n_frames=[2 * n_ctx for n_ctx in LENGTHS])
        self.pieces: list[tuple[int, int]] = []

    def encode_into(self, window: Window, mel: Array, first: int, end: int) -> ScriptedAudio:
        self.pieces.append((first, end))
        return super().encode_into(window, mel, first, end)


def silence(n_ctx: int) -> Array:
    return np.zeros((2 * n_ctx, 80), np.float32)


def test_only_what_is_new_is_encoded_and_some_before_it() -> None:
    model = NotingModel()
    encoder = IncrementalEncoder(model)
    for n_ctx, end in ((384, 100), (384, BEGINNING), (384, 200), (512, 300)):
        encoder.encode(silence(n_ctx), end)
    assert model.pieces == [
        (0, 384),
        (0, BEGINNING + BEHIND),
        (BEGINNING - BEFORE, 200 + BEHIND),
        (384, 512),
        (200 - BEFORE, 300 + BEHIND),
    ]
    encoder.begin()
    encoder.encode(silence(384), 50)
    assert model.pieces[-1] == (0, 384)


@given(steps=st.lists(st.integers(0, 90), min_size=1, max_size=8))
def test_no_position_of_new_audio_is_left_out(steps: list[int]) -> None:
    """Silence that became audio is encoded, and so is all that heard less than BEFORE after it."""
    model = NotingModel()
    encoder = IncrementalEncoder(model)
    heard_until = np.full(LENGTHS[-1], -1)  # the end of the audio when a position was encoded
    end = 0
    for step in steps:
        end = min(end + step, LENGTHS[-1] - BEHIND)
        n_ctx = next(length for length in LENGTHS if length >= end + BEHIND)
        n_pieces = len(model.pieces)
        encoder.encode(silence(n_ctx), end)
        for first, last in model.pieces[n_pieces:]:
            heard_until[first:last] = end
        assert (heard_until[:n_ctx] >= 0).all()
        late = np.arange(max(0, end))
        assert (heard_until[late] >= np.minimum(late + BEFORE, end)).all()


def test_people_are_heard_as_if_all_were_encoded_again(
    official_model: Callable[[Official], WhisperModel],
) -> None:
    recogniser = WhisperRecogniser(official_model("tiny.en"))
    step = round(0.4 * SAMPLE_RATE)
    texts = []
    for clip in human_clips()[1:20:4]:
        pcm = clip.pcm()
        recogniser.begin()
        for at in range(0, len(pcm), step):
            recogniser.append(pcm[at : at + step])
            words = recogniser.recognise((), final=False).words
        incremental = "".join(word.text for word in words)
        recogniser.begin()
        recogniser.append(pcm)
        words = recogniser.recognise((), final=False).words
        texts.append(("".join(word.text for word in words), incremental))
    assert word_errors(texts).rate <= 0.03
    assert sum(len(normalised(whole)) for whole, _ in texts) > 60
