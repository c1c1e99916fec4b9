"""OpenAI's own client, with people's speech."""

import io
from collections.abc import Iterator
from pathlib import Path

import httpx2
import openai
import pytest
import soundfile

from tools.fixtures.clips import CLIPS, human_clips, starter_clips
from tools.fixtures.sotto_server import SottoServer
from tools.streaming_measures import normalised

PERSON = human_clips()[16]  # LJ001-0017, of which every word is heard
SPEECH = CLIPS / PERSON.name
SYNTHETIC = CLIPS / starter_clips()[0].name


@pytest.fixture
def client(server: SottoServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=server.api, api_key="none", max_retries=0) as opened:
        yield opened


@pytest.fixture
def quick_client(small_server: SottoServer) -> Iterator[openai.OpenAI]:
    """Of a server whose model takes less time, and knows the voice of a synthesiser alone."""
    with openai.OpenAI(base_url=small_server.api, api_key="none", max_retries=0) as opened:
        yield opened


def test_the_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["tiny.en"]
    for name in ("whisper-1", "gpt-4o-mini-transcribe", "Systran/faster-whisper-tiny.en"):
        assert client.models.retrieve(name).object == "model"
    with pytest.raises(openai.NotFoundError) as error:
        client.models.retrieve("large")
    assert error.value.code == "model_not_found"


def test_json_is_the_text(client: openai.OpenAI) -> None:
    told = client.audio.transcriptions.create(model="whisper-1", file=SPEECH)
    assert normalised(told.text) == normalised(PERSON.text)
    assert told.text == told.text.strip()


def test_verbose_json_with_words(client: openai.OpenAI) -> None:
    told = client.audio.transcriptions.create(
        model="tiny.en",
        file=("speech.flac", SPEECH.read_bytes()),
        response_format="verbose_json",
        timestamp_granularities=["word", "segment"],
        language="en",
        temperature=0,
    )
    assert told.language == "english"
    assert told.words is not None
    assert told.segments is not None
    assert [normalised(word.word) for word in told.words] == [
        normalised(word) for word in PERSON.text.split()
    ]
    times = [time for word in told.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[-1] <= float(told.duration)
    assert "".join(segment.text for segment in told.segments).strip() == told.text


def test_words_alone_and_segments_alone(quick_client: openai.OpenAI) -> None:
    told = quick_client.audio.transcriptions.create(
        model="whisper-1", file=SYNTHETIC, response_format="verbose_json"
    )
    assert told.words is None
    assert told.segments
    told = quick_client.audio.transcriptions.create(
        model="whisper-1",
        file=SYNTHETIC,
        response_format="verbose_json",
        timestamp_granularities=["word"],
    )
    assert told.words
    assert told.segments is None


def test_subtitles_and_plain_text(quick_client: openai.OpenAI) -> None:
    create = quick_client.audio.transcriptions.create
    text = str(create(model="whisper-1", file=SYNTHETIC, response_format="text"))
    assert len(text.split()) > 10
    assert str(create(model="whisper-1", file=SYNTHETIC, response_format="srt")).startswith(
        "1\n00:00:0"
    )
    assert str(create(model="whisper-1", file=SYNTHETIC, response_format="vtt")).startswith(
        "WEBVTT\n\n"
    )


def test_streamed_text_grows_to_the_whole(quick_client: openai.OpenAI) -> None:
    stream = quick_client.audio.transcriptions.create(
        model="whisper-1", file=SYNTHETIC, stream=True
    )
    *deltas, done = list(stream)
    assert {event.type for event in deltas} == {"transcript.text.delta"}
    assert done.type == "transcript.text.done"
    whole = quick_client.audio.transcriptions.create(model="whisper-1", file=SYNTHETIC).text
    assert "".join(getattr(event, "delta", "") for event in deltas) == done.text == whole


def test_what_newer_clients_send(quick_client: openai.OpenAI) -> None:
    """How sound is cut is Sotto's own matter; words to expect are heeded."""
    create = quick_client.audio.transcriptions.create
    plain = create(model="openai/whisper-starter-en", file=SYNTHETIC).text
    told = create(
        model="gpt-4o-transcribe",
        file=SYNTHETIC,
        chunking_strategy={"type": "server_vad", "threshold": 0.5, "silence_duration_ms": 200},
        languages=["en", "de"],
        known_speaker_names=["Ada"],
        extra_body={"vad_filter": True, "user": "ada"},
    )
    assert told.text == plain
    told = create(model="gpt-transcribe", file=SYNTHETIC, chunking_strategy="auto")
    assert told.text == plain
    verbose = create(
        model="whisper-1",
        file=SYNTHETIC,
        response_format="verbose_json",
        extra_body={"timestamp_granularities": "word,segment"},
    )
    assert verbose.words
    assert verbose.segments


def test_words_to_expect(client: openai.OpenAI) -> None:
    """These change a comma; what they do is tested with the decoder."""
    words = ["Karakter", "Leters", "Proportion", "printid leters"]
    create = client.audio.transcriptions.create
    plain = create(model="whisper-1", file=SPEECH, language="en")
    listed = create(model="whisper-1", file=SPEECH, language="en", keywords=words)
    joined = {"hotwords": ", ".join(words)}
    as_one_text = create(model="whisper-1", file=SPEECH, language="en", extra_body=joined)
    assert as_one_text.text == listed.text != plain.text


def test_a_streamed_failure_is_an_error(quick_client: openai.OpenAI, tmp_path: Path) -> None:
    (tmp_path / "speech.wav").write_bytes(b"no sound at all")
    stream = quick_client.audio.transcriptions.create(
        model="whisper-1", file=tmp_path / "speech.wav", stream=True
    )
    with pytest.raises(openai.APIError, match="The file"):
        list(stream)


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")  # so says the client
def test_english_models_do_not_translate(quick_client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as error:
        quick_client.audio.translations.create(model="whisper-1", file=SYNTHETIC)
    assert error.value.param == "model"


def test_what_cannot_be_done_is_said(quick_client: openai.OpenAI, tmp_path: Path) -> None:
    create = quick_client.audio.transcriptions.create
    with pytest.raises(openai.NotFoundError) as missing:
        create(model="large-v3", file=SYNTHETIC)
    assert (missing.value.param, missing.value.code) == ("model", "model_not_found")
    for fields, param in (
        ({"language": "klingon"}, "language"),
        ({"language": "de"}, "language"),
        ({"temperature": 2}, "temperature"),
        ({"response_format": "docx"}, "response_format"),
        ({"response_format": "diarized_json"}, "response_format"),
        ({"include": ["logprobs"]}, "include"),
        ({"timestamp_granularities": ["word"]}, "timestamp_granularities"),
    ):
        with pytest.raises(openai.BadRequestError) as refused:
            create(model="whisper-1", file=SYNTHETIC, extra_body=fields)
        assert refused.value.param == param
        assert refused.value.type == "invalid_request_error"
    for content in (b"", b"no sound at all", b"RIFF\xff\xff\xff\xffWAVEfmt "):
        with pytest.raises(openai.BadRequestError) as refused:
            create(model="whisper-1", file=("../../etc/passwd\0.wav", content))
        assert refused.value.param in {"file", None}
        assert "/proc" not in refused.value.message


def test_silence_has_no_words(quick_client: openai.OpenAI) -> None:
    empty = b"RIFF\x24\x7d\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data"
    silence = empty + (32000).to_bytes(4, "little") + bytes(32000)
    assert (
        quick_client.audio.transcriptions.create(model="whisper-1", file=("a.wav", silence)).text
        == ""
    )


def test_what_cannot_be_read_of_a_recording_is_told(small_server: SottoServer) -> None:
    whole = io.BytesIO()
    soundfile.write(whole, starter_clips()[0].pcm(), 16_000, format="WAV")
    cut = whole.getvalue()[: 2 * len(whole.getvalue()) // 3]
    for form in ("json", "verbose_json", "text"):
        told = httpx2.post(
            f"{small_server.api}/audio/transcriptions",
            files={"file": ("a.wav", cut)},
            data={"response_format": form},
        )
        assert told.status_code == 200
        warning = told.headers["x-sotto-warning"]
        assert "the file is damaged or cut short" in warning
        if form != "text":
            assert told.json()["text"]
            assert told.json()["warning"].startswith("the file is damaged")
