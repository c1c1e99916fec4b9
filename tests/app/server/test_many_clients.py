"""Fifty clients at once: each gets its own text, or is told to come back."""

import asyncio
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack

import httpx2

from tests.app.server.live.test_listen_socket import heard, samples, text_of
from tools.fixtures.clips import CLIPS, Clip, starter_clips
from tools.fixtures.sotto_server import SottoServer

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
    """It has 60, of which one client can have 53; who has begun to send has one of them."""
    with ExitStack() as held:
        for n_held in range(60):
            begin_to_send(small_server, held, "greedy" if n_held < 53 else "modest")
        while small_server.n_files < 60:
            time.sleep(0.01)
        assert told_to_come_back(small_server)
    while small_server.n_files:
        time.sleep(0.01)
    assert text_of_file(small_server, CLIPS_SENT[0])


def test_who_has_many_places_leaves_some_to_others(small_server: SottoServer) -> None:
    with ExitStack() as held:
        for _ in range(53):
            begin_to_send(small_server, held, "greedy")
        while small_server.n_files < 53:
            time.sleep(0.01)
        assert told_to_come_back(small_server, "greedy")
        assert text_of_file(small_server, CLIPS_SENT[0])
    while small_server.n_files:
        time.sleep(0.01)


def begin_to_send(server: SottoServer, held: ExitStack, name: str) -> None:
    line = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
    line.sendall(
        b"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n"
        b"X-Client: " + name.encode() + b"\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b"
    )


def told_to_come_back(server: SottoServer, name: str = "") -> bool:
    refused = httpx2.post(
        f"{server.api}/audio/transcriptions",
        files={"file": b""},
        headers={"User-Agent": "", "X-Client": name} if name else {},
    )
    assert refused.status_code == 503
    assert refused.headers["retry-after"].isdigit()
    code: str = refused.json()["error"]["code"]
    return code == "server_overloaded"


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
