"""`from sotto import listen, transcribe`, with people's speech and OpenAI's tiny.en."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

import sotto
import sotto.api
from sotto import Final, Partial, SottoError, listen, transcribe
from sotto.api import Samples, Transcription
from sotto.app.core.transcription import transcribe_recording
from tools.fixtures.audio_server import AudioServer
from tools.fixtures.clips import CLIPS, human_clips
from tools.fixtures.official import official
from tools.streaming_measures import normalised
from tools.word_error import word_errors

PERSON = human_clips()[16]  # LJ001-0017, of which every word is heard
BLOCK = 1_600  # 0.1 s
PAUSE = np.zeros(BLOCK, np.float32)


def spoken() -> Iterator[Samples]:
    """Yield what a person says in blocks, then silence for ever."""
    pcm = PERSON.pcm()
    yield from (pcm[at : at + BLOCK] for at in range(0, len(pcm), BLOCK))
    while True:
        yield PAUSE


def has_ended() -> bool:
    """Wait for the threads that listen."""
    for thread in threading.enumerate():
        if thread.name == "sotto-listen":
            thread.join(60)
    return not any(thread.name == "sotto-listen" for thread in threading.enumerate())


def modules_after(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*sys.modules)"
    run = [sys.executable, "-c", program]
    return set(subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())


def test_importing_it_is_cheap_and_needs_no_window() -> None:
    assert not {"dataclasses", "numpy", "max", "PySide6"} & modules_after("import sotto")
    assert not {"max", "PySide6"} & modules_after("from sotto import listen, transcribe")


def test_who_listens_has_max_in_another_process() -> None:
    code = "import numpy, sotto\n"
    code += "print(*sotto.listen(numpy.zeros(16_000, numpy.float32), 'basic'))"
    assert "max" not in modules_after(code)


def test_every_name_is_there_and_no_other() -> None:
    assert all(getattr(sotto, name) is not None for name in sotto.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'dictate'"):
        _ = sotto.dictate  # type: ignore[attr-defined]


def test_a_recording_is_written_down() -> None:
    transcription = transcribe(CLIPS / PERSON.name, official("tiny.en"), word_timestamps=True)
    assert normalised(transcription.text) == normalised(PERSON.text)
    assert transcription.language == "en"
    words = [word for segment in transcription.segments for word in segment.words or ()]
    assert "".join(word.word for word in words) == transcription.text
    assert 0 <= words[0].start < words[-1].end <= len(PERSON.pcm()) / 16_000 + 0.1


def test_samples_are_a_recording() -> None:
    of_file = transcribe(str(CLIPS / PERSON.name), str(official("tiny.en")), "English")
    of_samples = transcribe(PERSON.pcm(), official("tiny.en"))  # which nobody rounds to 16 bits
    assert of_samples.text == of_file.text
    both = zip(of_samples.segments, of_file.segments, strict=True)
    assert all(one.tokens == other.tokens for one, other in both)


def test_sides_of_stereo_are_heard_by_themselves(tmp_path: Path) -> None:
    pcm = PERSON.pcm()
    stereo = tmp_path / "call.wav"
    later = np.concatenate([np.zeros(len(pcm), np.float32), pcm])
    sides = np.stack([np.pad(pcm, (0, len(pcm))), later], axis=1)
    soundfile.write(stereo, sides, 16_000, subtype="FLOAT")
    both = transcribe(stereo, official("tiny.en"), channels="separate", beam_size=1)
    names = [segment.text.split()[0] for segment in both.segments]
    assert names == sorted(names)
    assert set(names) == {"[left]", "[right]"}
    right = transcribe(stereo, official("tiny.en"), channels="right", track=1, beam_size=1)
    assert normalised(right.text) == normalised(PERSON.text)
    assert right.segments[0].start > len(pcm) / 16_000 - 1
    with pytest.raises(SottoError, match="there is no track 2"):
        transcribe(stereo, official("tiny.en"), track=2)
    with pytest.raises(ValueError, match="are about files"):
        transcribe(pcm, official("tiny.en"), channels="left")


def test_what_is_no_speech_is_heard_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    silence = np.zeros(16_000, np.float32)
    assert transcribe(silence, official("tiny.en")).segments == ()
    heard: list[bool] = []

    def watched(*arguments: Any, only_speech: bool) -> Transcription:
        heard.append(only_speech)
        return transcribe_recording(*arguments, only_speech=only_speech)

    monkeypatch.setattr(sotto.api, "transcribe_recording", watched)
    transcribe(silence, official("tiny.en"), vad=False)
    transcribe(silence, official("tiny.en"))
    assert heard == [False, True]


def test_threads_take_turns() -> None:
    texts: list[str] = []

    def write() -> None:
        texts.append(transcribe(PERSON.pcm(), official("tiny.en")).text)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 2
    assert texts[0] == texts[1]


def test_what_cannot_be_written_down_is_told_in_a_line() -> None:
    with pytest.raises(SottoError, match="does not exist"):
        transcribe("nothing.wav", official("tiny.en"))
    with pytest.raises(SottoError, match="no model"):
        transcribe(PERSON.pcm(), "of-nobody")
    with pytest.raises(SottoError, match="knows English only"):
        transcribe(PERSON.pcm(), official("tiny.en"), "de")
    with pytest.raises(SottoError, match="knows English only"):
        listen(spoken(), official("tiny.en"), task="translate")
    with pytest.raises(ValueError, match="float32"):
        transcribe(PERSON.pcm().astype(np.float64), official("tiny.en"))
    with pytest.raises(ValueError, match="one channel"):
        transcribe(np.zeros((9, 2), np.float32), official("tiny.en"))


def test_samples_are_heard_as_they_come() -> None:
    pcm = np.concatenate([PERSON.pcm(), np.zeros(16_000, np.float32)])
    heard = list(listen(pcm, official("tiny.en")))
    partials = [event for event in heard if isinstance(event, Partial)]
    assert all(after.committed.startswith(before.committed) for before, after in pairwise(partials))
    (final,) = (event for event in heard if isinstance(event, Final))
    assert word_errors([(PERSON.text, final.text)]).rate < 0.1
    assert partials[-1].t <= final.t


def test_it_can_be_told_to_stop() -> None:
    listening = listen(spoken(), official("tiny.en"))
    texts = []
    for event in listening:
        if isinstance(event, Partial) and event.committed:
            listening.stop()
        if isinstance(event, Final):
            texts.append(event.text)
    assert len(texts) == 1
    assert list(listening) == []
    assert has_ended()


def test_leaving_it_ends_it() -> None:
    with listen(spoken(), official("tiny.en")) as listening:
        assert next(listening)
    assert list(listening) == []
    assert has_ended()


def test_forgetting_it_ends_it() -> None:
    for _ in listen(spoken(), official("tiny.en")):
        break
    assert has_ended()


def test_what_goes_wrong_meanwhile_is_raised_in_the_loop() -> None:
    def broken() -> Iterator[Samples]:
        yield PAUSE
        raise ConnectionError("the line is dead")

    with pytest.raises(ConnectionError, match="the line is dead"):
        list(listen(broken(), official("tiny.en")))
    with pytest.raises(ValueError, match="samples must be float32"):
        list(listen([PAUSE, PAUSE.astype(np.int16)], official("tiny.en")))
    with pytest.raises(SottoError, match="microphone"):
        list(listen(microphone="nobody's microphone", model=official("tiny.en")))


def test_a_microphone_is_heard(audio_server: AudioServer) -> None:
    heard = threading.Event()

    def speak() -> None:
        while not heard.is_set():
            audio_server.play(CLIPS / PERSON.name, "feed")
            time.sleep(1.0)  # or there is no pause in which an utterance ends

    speaker = threading.Thread(target=speak)
    speaker.start()
    finals = (
        event.text
        for event in listen(model=official("tiny.en"), microphone="virtmic")
        if isinstance(event, Final)
    )
    try:
        assert next(finals)
    finally:
        heard.set()
        speaker.join()
