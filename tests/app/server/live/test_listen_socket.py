"""The WebSocket, with a real client."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest
import soundfile
import soxr
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from sotto.app.core.settings import Settings
from sotto.app.server.limits import Limits
from sotto.app.server.live.live import ListenError, Live
from tools.fixtures.clips import CLIPS, human_clips, starter_clips
from tools.fixtures.sotto_server import SottoServer
from tools.word_error import word_errors

PATIENCE_S = 60  # machines stall
END = json.dumps({"type": "end"})
PERSON = human_clips()[16]
SYNTHETIC = starter_clips()[0]


def samples(name: str) -> bytes:
    pcm, rate = soundfile.read(CLIPS / name, dtype="float32")
    pcm = soxr.resample(pcm, rate, 16_000)
    return bytes((np.clip(pcm, -1, 1) * 32767).astype("<i2").tobytes())


async def events_of(socket: ClientConnection) -> list[dict[str, Any]]:
    """Return what is told until the end, whatever the end is."""
    events: list[dict[str, Any]] = []
    with suppress(ConnectionClosed):
        async for message in socket:
            events.append(json.loads(message))  # noqa: PERF401 (those before an error count)
    return events


async def heard(
    server: SottoServer, data: bytes, *, query: str = "", size: int = 3200, pause_s: float = 0.0
) -> list[dict[str, Any]]:
    """Return the events of some sound, sent in messages of `size` bytes."""
    async with connect(server.socket_url + query) as socket:
        events = asyncio.ensure_future(events_of(socket))
        for start in range(0, len(data), size):
            await socket.send(data[start : start + size])
            await asyncio.sleep(pause_s)
        await socket.send(END)
        told = await events
        assert socket.close_code == 1000
    return told


def kinds(events: Sequence[dict[str, Any]]) -> list[str]:
    return [event["event"] for event in events]


def text_of(events: Sequence[dict[str, Any]]) -> str:
    return " ".join(event["text"] for event in events if event["event"] == "final")


def test_people_are_heard_as_they_speak(server: SottoServer) -> None:
    events = asyncio.run(heard(server, samples(PERSON.name), pause_s=0.05))
    assert kinds(events)[:2] == ["state", "state"]
    assert [event["state"] for event in events if event["event"] == "state"] == [
        "preparing",
        "listening",
        "finishing",
    ]
    assert word_errors([(PERSON.text, text_of(events))]).n_errors <= 2  # of 24
    partials = [event for event in events if event["event"] == "partial"]
    assert [list(event) for event in partials] == [
        ["event", "t", "audio", "committed", "tentative"]
    ] * len(partials)
    committed = [event["committed"] for event in partials]
    assert any(committed)
    assert all(later.startswith(earlier) for earlier, later in pairwise(committed))
    (final,) = [event for event in events if event["event"] == "final"]
    assert 0 <= final["start"] < final["end"] <= final["audio"]
    assert final["audio"] == round(len(samples(PERSON.name)) / 32000, 3)
    assert {"lag", "real_time_factor"} < set(next(e for e in events if e["event"] == "lag"))


def test_messages_may_end_in_the_midst_of_a_sample(small_server: SottoServer) -> None:
    events = asyncio.run(heard(small_server, samples(SYNTHETIC.name), size=3333))
    whole = asyncio.run(heard(small_server, samples(SYNTHETIC.name), size=1 << 19))
    assert text_of(events)
    for told in (events, whole):
        final = next(event for event in told if event["event"] == "final")
        assert final["audio"] == round(len(samples(SYNTHETIC.name)) / 32000, 3)


def test_silence_and_nothing_at_all_end_well(small_server: SottoServer) -> None:
    for data in (b"", bytes(32000)):
        assert set(kinds(asyncio.run(heard(small_server, data)))) == {"state"}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?language=klingon", "klingon"),
        ("?language=de", "en alone"),
        ("?task=sing", "task"),
        ("?model=base", "language"),
    ],
)
def test_what_cannot_be_done_is_said(small_server: SottoServer, query: str, words: str) -> None:
    async def refused() -> None:
        async with connect(small_server.socket_url + query) as socket:
            (fault,) = await events_of(socket)
            assert fault["event"] == "fault"
            assert words in fault["message"]
            assert socket.close_code == 1008

    asyncio.run(refused())


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"type": "begin"}', "ü"])
def test_senseless_messages_end_a_session(small_server: SottoServer, text: str) -> None:
    async def refused() -> None:
        async with connect(small_server.socket_url) as socket:
            await socket.send(text)
            *_, last = await events_of(socket)
            assert last["event"] == "fault"
            assert socket.close_code == 1003

    asyncio.run(refused())


def test_a_message_that_is_far_too_long_ends_a_session(small_server: SottoServer) -> None:
    async def refused() -> None:
        async with connect(small_server.socket_url) as socket:
            await _send_while_open(socket, [bytes(1 << 21)])
            await asyncio.wait_for(socket.wait_closed(), PATIENCE_S)
            assert socket.close_code == 1009

    asyncio.run(refused())


async def _send_while_open(socket: ClientConnection, messages: Iterable[bytes]) -> None:
    """Send messages to a server that may close before it has read them all."""
    with suppress(ConnectionClosed):
        for message in messages:
            await socket.send(message)


def test_a_session_has_an_end_and_its_words_are_told(small_server: SottoServer) -> None:
    """After a minute, which is what that server takes."""

    async def run() -> None:
        async with connect(small_server.socket_url) as socket:
            events = asyncio.ensure_future(events_of(socket))
            await _send_while_open(socket, [samples(SYNTHETIC.name), *[bytes(32000)] * 60])
            told = await events
            assert text_of(told)
            assert told[-1]["event"] == "fault"
            assert "longest" in told[-1]["message"]

    asyncio.run(run())


def test_a_full_server_says_so_and_who_leaves_makes_room(small_server: SottoServer) -> None:
    async def run() -> None:
        async with connect(small_server.socket_url) as first, connect(small_server.socket_url):
            assert json.loads(await first.recv())["event"] == "state"
            async with connect(small_server.socket_url) as third:
                (fault,) = await events_of(third)
                assert fault["event"] == "fault"
                assert third.close_code == 1013
            first.transport.abort()  # it leaves without a word
            while small_server.figures["live_sessions"] == 2:
                await asyncio.sleep(0.05)
        while small_server.figures["live_sessions"]:
            await asyncio.sleep(0.05)

    asyncio.run(run())


def test_who_sends_nothing_is_let_go() -> None:
    class Silent:
        """A client that is there and says nothing."""

        async def receive(self) -> None:
            await asyncio.sleep(1000)

    live = Live(cast("Any", None), Settings(), Limits(idle_s=0.05), is_multilingual=True)
    with pytest.raises(ListenError, match="no sound came"):
        asyncio.run(live._next(cast("Any", Silent())))
