"""Sotto for other Python programs: `from sotto import listen, transcribe`.

The user's settings file plays no part: what is not asked for has Sotto's defaults.
"""

import threading
import warnings
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from queue import SimpleQueue
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from sotto.app.core.events import (
    Dropped,
    Event,
    Fault,
    Final,
    Gap,
    Partial,
    Preparing,
    SessionState,
    StateChanged,
    Waiting,
)
from sotto.app.core.models.choice import choose, misunderstanding
from sotto.app.core.models.model_cache import ModelCache
from sotto.app.core.settings import Settings, Task
from sotto.app.core.sides import SIDES, conversation, read_sides
from sotto.app.core.transcription import BATCH_SIZE, transcribe_recording
from sotto.app.dictating.new_session import new_session
from sotto.app.dictating.recognising import Recognisers
from sotto.app.dictating.session import Feed, Session
from sotto.audio.files.reading import Recording, damage, read_recording
from sotto.audio.files.selection import Selection
from sotto.audio.input.microphone import microphone_source
from sotto.audio.input.sample_source import SampleSource, checked
from sotto.audio.input.source import Sound, Source
from sotto.errors import SottoError, UsageError
from sotto.inference.compute_type import ComputeType, best_compute_type
from sotto.inference.decoding import Segment, TranscribeOptions, Transcription, WordTiming
from sotto.inference.languages import to_spoken_language

__all__ = [
    "Dropped",
    "Final",
    "Gap",
    "Heard",
    "Listening",
    "Partial",
    "Preparing",
    "Segment",
    "SottoError",
    "Transcription",
    "Waiting",
    "WordTiming",
    "listen",
    "transcribe",
]

Samples = NDArray[np.float32]  # (n_samples,), 16 kHz, [-1, 1]
Heard = Preparing | Partial | Final | Dropped | Gap | Waiting
Precision = Literal["int8", "float32"]
Translation = Literal["transcribe", "translate"]
Channels = Literal["mix", "left", "right", "separate"]

_BEAMS = _SAMPLES_AT_TEMPERATURES = 5  # as `sotto transcribe`

_models = ModelCache()  # one model, from call to call
_recognisers = Recognisers(keeps_traces=False)  # likewise, in a process of its own
_turn = threading.Lock()  # a model serves one thread at a time


def transcribe(  # noqa: PLR0913 (each has a default)
    audio: str | PathLike[str] | Samples,
    model: str | PathLike[str] | None = None,
    language: str | None = None,
    *,
    task: Translation = "transcribe",
    prompt: str | None = None,
    word_timestamps: bool = False,
    batch_size: int = BATCH_SIZE,
    beam_size: int | None = _BEAMS,
    compute_type: Precision | None = None,
    track: int | None = None,
    channels: Channels = "mix",
    vad: bool = True,
) -> Transcription:
    """Write down a recording: a file that FFmpeg reads, or samples (n,), float32, 16 kHz, [-1, 1].

    `model` is a name, a folder or a file, by default the best that is quick here; it stays loaded
    for the next call. `language` is detected unless given; `prompt` holds names to expect.
    Of a file, `track` is one of its sound tracks (1 is the first), `channels` one side of stereo or
    "separate": each side by itself, named in the text. `vad=False` lets the model hear what is no
    speech, too. `batch_size` stretches of speech are decoded together; 1: each with the text before
    it as its prompt. `beam_size` searches so many beams; with None, the likeliest word each time,
    it is twice as quick, and mishears one word in two hundred more.
    Calls from several threads take turns. A model's first is compiled, which takes about a minute.
    Raises `SottoError` (no such model, not a sound file …), `ValueError` for other samples. Of a
    damaged file it writes down what can be read, and warns.
    """
    settings = _settings(model, language, task, compute_type)
    options = TranscribeOptions(
        task=task,
        language=settings.language or None,
        batch_size=batch_size if vad else 1,
        beam_size=beam_size,
        best_of=_SAMPLES_AT_TEMPERATURES,
        initial_prompt=prompt,
        word_timestamps=word_timestamps,
    )
    sounds = _sounds_of(audio, track, channels)
    with _turn:
        loaded = _models.load(choose(settings).path, _untold, settings.compute_type)
        heard = [transcribe_recording(loaded, pcm, options, only_speech=vad) for pcm in sounds]
    return conversation(*heard) if len(heard) == len(SIDES) else heard[0]


def _sounds_of(
    audio: str | PathLike[str] | Samples, track: int | None, channels: Channels
) -> list[Sound]:
    """Return what is to be heard, one after the other; two sounds are the sides of stereo."""
    if isinstance(audio, np.ndarray):
        if track is not None or channels != "mix":
            raise ValueError("track and channels are about files: give the samples to be heard")
        return [checked(audio)]
    recordings = _recordings_of(Path(audio), track, channels)
    if recordings[0].missing:
        warnings.warn(damage(Path(audio), recordings[0].missing), stacklevel=3)
    return [recording.pcm for recording in recordings]


def _recordings_of(path: Path, track: int | None, channels: Channels) -> tuple[Recording, ...]:
    if channels == "separate":
        return read_sides(path, track)
    return (read_recording(path, Selection(track, channels)),)


def listen(  # noqa: PLR0913 (each has a default)
    samples: Samples | Iterable[Samples] | None = None,
    model: str | PathLike[str] | None = None,
    language: str | None = None,
    *,
    task: Translation = "transcribe",
    microphone: str = "",
    vocabulary: Iterable[str] = (),
    compute_type: Precision | None = None,
) -> "Listening":
    """Listen to a microphone, or to samples as they come, and yield what is heard of it.

    `Partial` is the text so far, `Final` that of a finished utterance, `Dropped` sound without
    text, `Preparing` work on the model, `Gap` sound that is missing, `Waiting` a microphone that is
    away. Samples are blocks (n,), float32, 16 kHz, of any length;
    else `microphone` is (a part of) a name that `sotto devices` lists, by default the system's.
    Raises `SottoError` from the loop: no such model, a microphone that was unplugged ….
    """
    settings = _settings(model, language, task, compute_type, microphone, tuple(vocabulary))
    events: SimpleQueue[Event] = SimpleQueue()
    if samples is None:
        source = microphone_source(microphone or None)
        return Listening(_session(source, Feed.LIVE, settings, events), events)
    blocks = [samples] if isinstance(samples, np.ndarray) else samples
    return Listening(_session(SampleSource(blocks), Feed.UNPACED, settings, events), events)


class Listening:
    """An iterator over what is heard; ends with the sound. Used by one thread, but for `stop`.

    Begins at the first `next`. Whoever leaves before the end, or forgets it, closes the microphone.
    """

    def __init__(self, session: Session, events: "SimpleQueue[Event]") -> None:
        self._session = session
        self._events = events
        self._errors: list[BaseException] = []
        # A daemon that does not know of this object: who forgets it must not leave it listening.
        self._thread = threading.Thread(
            target=_run, args=(session, self._errors), name="sotto-listen", daemon=True
        )
        self._is_over = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Heard:
        """Wait for what is heard next."""
        if self._is_over:
            raise StopIteration
        if self._thread.ident is None:
            self._thread.start()
        while (event := self._events.get()) != StateChanged(SessionState.STOPPED):
            if isinstance(event, Heard):
                return event
            if isinstance(event, Fault):
                self._errors.append(SottoError(event.message))
        self._is_over = True
        self._thread.join()
        if self._errors:
            raise self._errors[0]
        raise StopIteration

    def stop(self) -> None:
        """Take no more sound; the loop gets the text of what was said and ends. From any thread."""
        self._session.stop()

    def close(self) -> None:
        """End now and forget what was said since the last `Final`. Idempotent."""
        self._session.cancel()
        self._is_over = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def _session(
    source: Source, feed: Feed, settings: Settings, events: "SimpleQueue[Event]"
) -> Session:
    return new_session(source, feed, settings, events.put, _recognisers)


def _run(session: Session, errors: list[BaseException]) -> None:
    try:
        session.run()
    except BaseException as error:  # noqa: BLE001 (raised in the thread that listens)
        errors.append(error)


def _settings(  # noqa: PLR0913, PLR0917 (what both have in common)
    model: str | PathLike[str] | None,
    language: str | None,
    task: Translation,
    compute_type: Precision | None,
    microphone: str = "",
    vocabulary: tuple[str, ...] = (),
) -> Settings:
    settings = Settings(
        model=str(Path(model)) if isinstance(model, PathLike) else model or "",
        language=to_spoken_language(language or ""),
        task=Task(task),
        compute_type=ComputeType(compute_type) if compute_type else best_compute_type(),
        microphone=microphone,
        vocabulary=vocabulary,
    )
    if misunderstood := misunderstanding(settings):
        raise UsageError(misunderstood)
    return settings


def _untold(what: str, elapsed_s: float, expected_s: float) -> None:
    """Tell nobody how far the model is."""
