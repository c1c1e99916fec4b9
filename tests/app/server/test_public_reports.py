"""What users of other servers reported, tried on this one (docs/reports.md)."""

import asyncio
import io

import httpx2
import numpy as np
import pytest
import soundfile

from tests.app.server.live.test_listen_socket import heard, kinds, samples, text_of
from tools.fixtures.clips import CLIPS, human_clips
from tools.fixtures.sotto_server import SottoServer
from tools.streaming_measures import normalised

PERSON = human_clips()[16]
SPEECH = (CLIPS / PERSON.name).read_bytes()
SECOND = 2 * 16_000  # bytes
LONG = "Printing, calligraphy, the Middle Ages, and other names. " * 100
"""Some 1,300 tokens; there is room for 448, with the text."""


def told(server: SottoServer, sound: bytes, **fields: str) -> httpx2.Response:
    files = {"file": ("a.flac", sound)}
    return httpx2.post(f"{server.api}/audio/transcriptions", files=files, data=fields, timeout=60)


@pytest.mark.parametrize("form", ["json", "verbose_json", "srt", "text"])
def test_silence_after_speech_has_nothing_of_it(server: SottoServer, form: str) -> None:
    """Another server crashes, or gives part of the answer before."""
    assert told(server, SPEECH).json()["text"]
    silence = io.BytesIO()
    soundfile.write(silence, np.zeros(16_000 * 3, np.float32), 16_000, format="FLAC")
    answer = told(server, silence.getvalue(), response_format=form)
    assert answer.status_code == 200
    if form.endswith("json"):
        assert answer.json()["text"] == ""
        assert answer.json().get("segments", []) == []
    else:
        assert answer.text.strip() == ""


def test_fields_that_are_empty_are_not_there(server: SottoServer) -> None:
    fields = dict.fromkeys(
        ("language", "prompt", "temperature", "response_format", "stream", "model", "hotwords"), ""
    )
    assert told(server, SPEECH, **fields).json() == told(server, SPEECH).json()


def test_more_words_to_expect_than_there_is_room_for(server: SottoServer) -> None:
    answer = told(server, SPEECH, prompt=LONG, hotwords=LONG)
    assert answer.status_code == 200
    assert len(set(normalised(answer.json()["text"])) & set(normalised(PERSON.text))) > 10


def test_live_text_is_said_once_and_all_of_it(server: SottoServer) -> None:
    """Nothing comes again in a silence, and what was said first is there in the end."""
    speech = samples(PERSON.name)
    events = asyncio.run(heard(server, speech + bytes(8 * SECOND) + speech + bytes(SECOND)))
    once = normalised(PERSON.text)
    assert normalised(text_of(events)) == once + once
    last = [event for event in events if event["event"] in {"partial", "final"}][-1]
    assert last["event"] == "final"
    assert "fault" not in kinds(events)


def test_a_base_address_without_its_end_is_told(server: SottoServer) -> None:
    answer = httpx2.post(f"{server.url}audio/transcriptions", files={"file": SPEECH})
    assert answer.status_code == 404
    assert "base address ends with /v1" in answer.json()["error"]["message"]
