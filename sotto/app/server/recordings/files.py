"""`POST /v1/audio/transcriptions` and `/v1/audio/translations`."""

import asyncio
from collections.abc import Awaitable, Collection
from contextlib import ExitStack
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from sotto.app.server.limits import Limits
from sotto.app.server.recordings.answers import answer
from sotto.app.server.recordings.client import client_of
from sotto.app.server.recordings.text_stream import TextStream
from sotto.app.server.requests.upload import SoundFile, read_form
from sotto.app.server.requests.wanted import Wanted, wanted
from sotto.app.server.sharing.file_queue import FileQueue, Job
from sotto.inference.tokenizer import Task, Tokenizer

Result = TypeVar("Result")


class Files:
    """Answers requests with recordings. Owned by asyncio's thread."""

    def __init__(
        self, queue: FileQueue, names: Collection[str], tokenizer: Tokenizer, limits: Limits
    ) -> None:
        self._queue = queue
        self._names = names
        self._tokenizer = tokenizer
        self._limits = limits

    async def transcriptions(self, request: Request) -> Response:
        """Return the words of a recording."""
        return await self._answer(request, "transcribe")

    async def translations(self, request: Request) -> Response:
        """Return the words of a recording in English."""
        return await self._answer(request, "translate")

    async def _answer(self, request: Request, task: Task) -> Response:
        with ExitStack() as held:
            client = client_of(request)
            held.enter_context(self._queue.place(client))
            file, asked = await self._read(request, task)
            if asked.is_streamed:
                stream = TextStream(self._queue, client, file, asked)
                held.callback(stream.end)
                return _Streamed(stream, held.pop_all())
            work = self._queue.begin(Job(file, asked.options), client)
            held.callback(work.end)
            return answer(await unless_gone(request, work.finished()), asked)

    async def _read(self, request: Request, task: Task) -> tuple[SoundFile, Wanted]:
        form = await read_form(request, self._limits)
        try:
            asked = wanted(form, task, self._names, self._tokenizer)
            return form.sound(), asked
        except BaseException:
            await form.close()
            raise


class _Streamed(StreamingResponse):
    """Events; what is held for them is let go in the end, whatever becomes of them."""

    def __init__(self, stream: TextStream, held: ExitStack) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(stream.events(), headers=headers, media_type="text/event-stream")
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            await super().__call__(scope, receive, send)


async def unless_gone(request: Request, work: Awaitable[Result]) -> Result:
    """Return what comes of some work, which is cancelled if nobody waits for it.

    Raises:
        ClientDisconnect: Whoever waits for it has gone.
    """
    finished = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({finished, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not finished.done():
            raise ClientDisconnect
        return await finished
    finally:
        finished.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
