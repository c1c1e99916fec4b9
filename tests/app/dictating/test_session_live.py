"""Sessions on real parts: tiny.en, people's speech in files, and a real sound server."""

import os
import queue
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sotto.app.core.events import (
    Dropped,
    Event,
    Fault,
    Final,
    Incident,
    Level,
    Partial,
    SessionState,
    StateChanged,
)
from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.core.settings import Settings
from sotto.app.dictating.new_session import new_session
from sotto.app.dictating.recognising import Recognisers
from sotto.app.dictating.session import Feed, Session, SessionSettings
from sotto.audio.input.file_source import FileSource
from sotto.audio.input.microphone import microphone_source
from sotto.audio.input.source import SAMPLE_RATE, Source
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser
from tests.helpers.words import are_heard
from tools.fixtures.audio_server import AudioServer
from tools.fixtures.clips import CLIPS, Clip, human_clips
from tools.fixtures.official import official
from tools.streaming_measures import n_commit_violations

PATIENCE_S = 120  # machines stall; nothing here takes more than some seconds
CLIP = human_clips()[16]  # LJ001-0017, of which every word is heard
TEXT = CLIP.text


def session(
    source: Source, recogniser: WhisperRecogniser, feed: Feed
) -> tuple[Session, queue.SimpleQueue[Event]]:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    settings = SessionSettings(feed=feed)
    return Session(source, lambda _: recogniser, events.put, settings), events


def drain(events: queue.SimpleQueue[Event]) -> list[Event]:
    return [events.get_nowait() for _ in range(events.qsize())]


def said(events: list[Event]) -> str:
    return " ".join(event.text for event in events if isinstance(event, Final))


@pytest.mark.parametrize("clip", human_clips()[1:20:4], ids=lambda clip: clip.name)
def test_a_file_at_full_speed(clip: Clip, recogniser: WhisperRecogniser) -> None:
    path = CLIPS / clip.name
    runs = []
    for _ in range(2):
        listening, events = session(FileSource(path, "max"), recogniser, Feed.UNPACED)
        listening.run()
        runs.append(drain(events))
    assert n_commit_violations(runs[0]) == 0
    texts = [
        [(e.audio, e.committed, e.tentative) for e in r if isinstance(e, Partial)] for r in runs
    ]
    assert texts[0] == texts[1]
    assert len(texts[0]) >= 2
    assert said(runs[0]) == said(runs[1])
    assert are_heard(clip.text, said(runs[0]))


def test_what_is_spoken_into_the_microphone_becomes_text(
    audio_server: AudioServer, recogniser: WhisperRecogniser, tmp_path: Path
) -> None:
    clip = tmp_path / "clip.wav"
    pause = np.zeros(SAMPLE_RATE, np.float32)
    soundfile.write(clip, np.concatenate((pause, CLIP.pcm(), pause)), SAMPLE_RATE)
    with audio_server.awake("virtmic"):
        listening, events = session(microphone_source(), recogniser, Feed.LIVE)
        listening.start()
        heard = [wait_for(events, Level)]  # the microphone is open
        audio_server.play(clip, "feed")
        heard += wait_until_final(events)
        listening.stop()
        assert listening.join(PATIENCE_S)
    heard += drain(events)
    assert n_commit_violations(heard) == 0
    assert are_heard(TEXT, said(heard))
    partials = [event for event in heard if isinstance(event, Partial)]
    assert len(partials) >= 3
    assert partials[0].audio < partials[-1].audio
    assert heard[-1] == StateChanged(SessionState.STOPPED)


def test_a_crash_of_recognition_costs_no_word_of_the_microphone(
    audio_server: AudioServer, tmp_path: Path
) -> None:
    clip = tmp_path / "clip.wav"
    pause = np.zeros(SAMPLE_RATE, np.float32)
    soundfile.write(clip, np.concatenate((pause, CLIP.pcm(), pause)), SAMPLE_RATE)
    settings = Settings(model=str(official("tiny.en")))
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    with audio_server.awake("virtmic"), Recognisers(keeps_traces=False) as recognisers:
        recognisers.warm_up(settings)
        listening = new_session(microphone_source(), Feed.LIVE, settings, events.put, recognisers)
        listening.start()
        heard = [wait_for(events, Level)]  # the microphone is open
        with audio_server.playing(clip, "feed") as player:
            heard.append(wait_for(events, Partial))
            (engine,) = recognisers._in_use
            assert engine._process is not None
            os.kill(engine._process.pid, signal.SIGSEGV)
            heard += wait_until_final(events)
            player.wait_for_end()
        listening.stop()
        assert listening.join(PATIENCE_S)
    heard += drain(events)
    assert are_heard(TEXT, said(heard))
    assert len([event for event in heard if isinstance(event, Incident)]) == 1
    assert not [event for event in heard if isinstance(event, Dropped | Fault)]


def test_what_is_spoken_while_the_model_loads_becomes_text(
    audio_server: AudioServer, recogniser: WhisperRecogniser, tmp_path: Path
) -> None:
    clip = tmp_path / "clip.wav"
    pause = np.zeros(SAMPLE_RATE, np.float32)
    soundfile.write(clip, np.concatenate((pause, CLIP.pcm(), pause)), SAMPLE_RATE)
    is_spoken = threading.Event()

    def load(_progress: ProgressCallback) -> WhisperRecogniser:
        assert is_spoken.wait(PATIENCE_S)
        return recogniser

    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    with audio_server.awake("virtmic"):
        listening = Session(microphone_source(), load, events.put)
        listening.start()
        wait_for(events, Level)  # the microphone is open
        audio_server.play(clip, "feed")
        assert not any(isinstance(event, Partial | Final) for event in drain(events))
        is_spoken.set()
        heard = wait_until_final(events)
        listening.stop()
        assert listening.join(PATIENCE_S)
    assert are_heard(TEXT, said(heard + drain(events)))


def wait_for(events: queue.SimpleQueue[Event], kind: type[Event]) -> Event:
    while not isinstance(event := events.get(timeout=PATIENCE_S), kind):
        pass
    return event


def wait_until_final(events: queue.SimpleQueue[Event]) -> list[Event]:
    heard: list[Event] = []
    while not heard or not isinstance(heard[-1], Final) or not TEXT.endswith(heard[-1].text[-8:]):
        heard.append(events.get(timeout=PATIENCE_S))
    return heard
