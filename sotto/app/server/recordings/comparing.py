"""`POST /v1/compare/{name}`: what another program makes of the same file."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sotto.app.server.api_error import ApiError
from sotto.app.server.limits import Limits
from sotto.app.server.peers.peer import Peer
from sotto.app.server.recordings.client import client_of
from sotto.app.server.recordings.files import unless_gone
from sotto.app.server.requests.sound import read_sound
from sotto.app.server.requests.upload import SoundFile, read_form
from sotto.app.server.requests.wanted import language_of
from sotto.app.server.sharing.file_queue import FileQueue
from sotto.audio.input.source import SAMPLE_RATE
from sotto.errors import SottoError
from sotto.inference.compute_type import ComputeType
from sotto.inference.tokenizer import Tokenizer


class Comparing:
    """Runs other programs, one at a time. Owned by asyncio's thread."""

    def __init__(
        self,
        peers: Sequence[Peer],
        queue: FileQueue,
        limits: Limits,
        compute_type: ComputeType,
        tokenizer: Tokenizer,
    ) -> None:
        self._peers = {peer.name: peer for peer in peers}
        self._queue = queue
        self._limits = limits
        self._compute_type = compute_type
        self._tokenizer = tokenizer
        self._turn = asyncio.Lock()

    @property
    def names(self) -> list[str]:
        """Of the programs."""
        return list(self._peers)

    async def compare(self, request: Request) -> Response:
        """Return the text of a recording."""
        peer = self._peers.get(request.path_params["name"])
        if peer is None:
            raise ApiError(HTTPStatus.NOT_FOUND, "There is no such program beside Sotto")
        with self._queue.place(client_of(request)):
            form = await read_form(request, self._limits)
            try:
                language = language_of(form, self._tokenizer) or ""
                file = form.sound()
                return JSONResponse(await unless_gone(request, self._run(peer, file, language)))
            except SottoError as error:
                raise ApiError.of(error) from error
            finally:
                await form.close()

    async def _run(self, peer: Peer, file: SoundFile, language: str) -> dict[str, Any]:
        async with self._turn:
            recording = await asyncio.to_thread(read_sound, file, self._limits.audio_s)
            told = await peer.transcribe(recording.pcm[:], self._compute_type, language)
        duration = round(len(recording.pcm) / SAMPLE_RATE, 3)
        return {"program": peer.name, "duration": duration} | told
