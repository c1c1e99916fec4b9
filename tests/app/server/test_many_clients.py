"""Fifty clients at once: each gets its own text, or is told to come back."""

import asyncio
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack

import httpx2

from tests.app.server.test_listen_socket import heard, samples, text_of
from tests.helpers.sotto_server import SottoServer
from tools.fixtures.clips import CLIPS, Clip, starter_clips

N_CLIENTS = 50
CLIPS_SENT = sorted(starter_clips(), key=lambda clip: len(clip.pcm()))[:3]


async def transcribed(client: httpx2.AsyncClient, clip: Clip, **fields: str) -> httpx2.Response:
    sound = (CLIPS / clip.name).read_bytes()
    return await client.post("audio/transcriptions", files={"file": sound}, data=fields)


async def all_at_once(server: SottoServer, clips: Sequence[Clip]) -> list[httpx2.Response]:
    limits = httpx2.Limits(max_connections=2 * N_CLIENTS)
    async with httpx2.AsyncClient(base_url=f"{server.api}/", timeout=600, limits=limits) as client:
        return list(await asyncio.gather(*(transcribed(client, clip) for clip in clips)))


def test_fifty_get_their_text_while_somebody_speaks(small_server: SottoServer) -> None:
    clips = [CLIPS_SENT[i % len(CLIPS_SENT)] for i in range(N_CLIENTS)]

    async def run() -> tuple[list[httpx2.Response], str]:
        speaking = asyncio.ensure_future(heard(small_server, samples(CLIPS_SENT[0].name)))
        answers = await all_at_once(small_server, clips)
        return answers, text_of(await speaking)

    alone = {clip.name: text_of_file(small_server, clip) for clip in CLIPS_SENT}
    answers, said = asyncio.run(run())
    assert [answer.json()["text"] for answer in answers] == [alone[clip.name] for clip in clips]
    assert said
    assert small_server.n_files == 0


def text_of_file(server: SottoServer, clip: Clip) -> str:
    (answer,) = asyncio.run(all_at_once(server, [clip]))
    text: str = answer.json()["text"]
    assert text
    return text


def test_beyond_its_places_it_asks_clients_to_come_back(small_server: SottoServer) -> None:
    """It has 60; who has begun to send has one of them."""
    head = b"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n"
    with ExitStack() as held:
        for _ in range(60):
            line = held.enter_context(socket.create_connection(("127.0.0.1", small_server.port)))
            line.sendall(head + b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b")
        while small_server.n_files < 60:
            time.sleep(0.01)
        (refused,) = asyncio.run(all_at_once(small_server, [CLIPS_SENT[0]]))
        assert refused.status_code == 503
        assert refused.headers["retry-after"].isdigit()
        assert refused.json()["error"]["code"] == "server_overloaded"
    while small_server.n_files:
        time.sleep(0.01)
    assert text_of_file(small_server, CLIPS_SENT[0])


def test_who_hangs_up_makes_room(small_server: SottoServer) -> None:
    async def run() -> None:
        sending = asyncio.ensure_future(all_at_once(small_server, [CLIPS_SENT[0]] * N_CLIENTS))
        while small_server.n_files < 10:
            await asyncio.sleep(0.01)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        while small_server.n_files:
            await asyncio.sleep(0.05)

    asyncio.run(run())
