"""The text of a recording while it is being found, as OpenAI's server-sent events.

`transcript.text.delta` for each piece of text, `transcript.text.done` with all of it; between them,
where verbose_json is asked for, `transcript.text.segment` with times.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from sotto.app.server.api_error import ApiError
from sotto.app.server.recordings.answers import usage
from sotto.app.server.requests.upload import SoundFile
from sotto.app.server.requests.wanted import Wanted
from sotto.app.server.sharing.fair_queue import Client
from sotto.app.server.sharing.file_queue import FileQueue, Finished, Job
from sotto.inference.decoding import Segment

BEAT_S = 15.0  # so often something is sent, lest what lies between takes the line for dead
_BEAT = ": still at work\n\n"

Segments = tuple[Segment, ...]


class TextStream:
    """A recording in the queue, and its events. Owned by asyncio's thread."""

    def __init__(self, queue: FileQueue, client: Client, file: SoundFile, wanted: Wanted) -> None:
        self._wanted = wanted
        self._loop = asyncio.get_running_loop()
        self._found: asyncio.Queue[Segments | None] = asyncio.Queue()
        self._text = ""
        self._n_timed = 0  # segments
        self._work = queue.begin(Job(file, wanted.options, self._find), client)

    async def events(self) -> AsyncIterator[str]:
        """Yield the events, as they go over the line."""
        waiting = asyncio.ensure_future(self._work.finished())
        waiting.add_done_callback(lambda _: self._found.put_nowait(None))
        try:
            async for segments in self._segments():
                for line in self._lines(segments):
                    yield line
            yield _line(_done(await waiting, self._text))
        except ApiError as error:
            yield _line({"type": "error"} | error.body)
        finally:
            waiting.cancel()

    def end(self) -> None:
        """Nobody reads the events any more."""
        self._work.end()

    def _find(self, segments: Segments) -> None:
        """Note segments; called in the thread that finds them."""
        with suppress(RuntimeError):  # the server has ended
            self._loop.call_soon_threadsafe(self._found.put_nowait, segments)

    async def _segments(self) -> AsyncIterator[Segments]:
        """Yield segments as they are found, and none now and then."""
        while True:
            try:
                async with asyncio.timeout(BEAT_S):
                    segments = await self._found.get()
            except TimeoutError:
                segments = ()
            if segments is None:
                return
            yield segments

    def _lines(self, segments: Segments) -> list[str]:
        if not segments:
            return [_BEAT]
        delta = "".join(segment.text for segment in segments)
        delta = delta if self._text else delta.lstrip()
        self._text += delta
        events = [{"type": "transcript.text.delta", "delta": delta}] if delta else []
        if self._wanted.form == "verbose_json":
            events += [self._timed(segment) for segment in segments if segment.text.strip()]
        return [_line(event) for event in events]

    def _timed(self, segment: Segment) -> dict[str, Any]:
        self._n_timed += 1
        return {
            "type": "transcript.text.segment",
            "id": f"seg_{self._n_timed}",
            "start": segment.start,
            "end": segment.end,
            "text": segment.text,
        }


def _done(finished: Finished, text: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"type": "transcript.text.done", "text": text}
    fields |= {"usage": usage(finished), "took": round(finished.took_s, 3)}
    return fields | ({"warning": finished.damage} if finished.damage else {})


def _line(event: dict[str, Any]) -> str:
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
