"""The WebSocket `/v1/listen`: sound in, events out.

A client sends binary messages: 16-bit little-endian mono samples at 16 kHz. It gets a text message
for each event, and sends `{"type": "end"}` once all is said; then come the last finals, and the
server closes.
"""

import asyncio
import json
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from sotto.app.core.events import Event, SessionState, StateChanged
from sotto.app.core.settings import Settings, Task
from sotto.app.core.spoken_languages import ENGLISH, Spoken
from sotto.app.dictating.new_session import Lender, new_session
from sotto.app.dictating.session import Feed
from sotto.app.server.limits import Limits
from sotto.app.server.live.live_messages import as_message, fault
from sotto.app.server.live.pushed_source import PushedSource
from sotto.errors import UsageError
from sotto.inference.languages import to_spoken_language

SUBPROTOCOL = "sotto"
MOST_UNREAD = 1000
"""Messages that a client may leave unread: some minutes of speech."""
MOST_WAITING_S = 30.0
"""Sound that waits for the engine; behind it the client's own sending has to wait."""
_FAREWELL_S = 5.0  # whoever does not read it by then will not
_ROOM_S = 0.05  # so soon it is noticed that there is room again

# RFC 6455, 7.4.1
_NORMAL, _UNSUPPORTED, _REFUSED, _TRY_AGAIN = 1000, 1003, 1008, 1013


class ListenError(Exception):
    """Why a session is refused or ended: a line for the user, and the code that closes it."""

    def __init__(self, message: str, code: int = _REFUSED) -> None:
        super().__init__(message)
        self.code = code


class Live:
    """Runs live sessions. Owned by asyncio's thread."""

    def __init__(
        self, lender: Lender, settings: Settings, limits: Limits, *, is_multilingual: bool
    ) -> None:
        self._lender = lender
        self._settings = settings
        self._limits = limits
        self._is_multilingual = is_multilingual
        self._n_sessions = 0

    @property
    def n_sessions(self) -> int:
        """How many there are now."""
        return self._n_sessions

    async def listen(self, socket: WebSocket) -> None:
        """Serve a client until it or the sound ends."""
        offered = socket.scope.get("subprotocols", [])
        await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        try:
            spoken = self._spoken(socket)
            self._check_room()
        except ListenError as error:
            await _refuse(socket, error)
            return
        self._n_sessions += 1
        try:
            await self._serve(socket, spoken)
        finally:
            self._n_sessions -= 1

    async def _serve(self, socket: WebSocket, spoken: Spoken) -> None:
        source, outbox = PushedSource(), _Outbox()
        session = new_session(
            source, Feed.LIVE, self._settings, outbox.put, self._lender, spoken=spoken
        )
        session.start()
        telling = asyncio.ensure_future(_tell(socket, outbox))
        feeding = asyncio.ensure_future(self._feed(socket, source, outbox))
        try:
            await asyncio.wait({telling, feeding}, return_when=asyncio.FIRST_COMPLETED)
            if not telling.done():
                error = await _outcome(feeding)
                source.end()
                await telling
                await (socket.close(_NORMAL) if error is None else _refuse(socket, error))
            else:
                await telling
                await socket.close(_NORMAL)
        except (WebSocketDisconnect, RuntimeError):  # it has gone; asked too late, starlette errs
            pass
        finally:
            session.cancel()
            await _stopped(feeding, telling)

    async def _feed(self, socket: WebSocket, source: PushedSource, outbox: "_Outbox") -> None:
        """Pass on sound until the client says that it ends.

        Raises:
            ListenError: It sends too much, nothing, or what makes no sense.
            WebSocketDisconnect: It has gone, or reads nothing.
        """
        while True:
            while source.waiting_s > MOST_WAITING_S and not outbox.is_full:
                await asyncio.sleep(_ROOM_S)
            if outbox.is_full:
                raise WebSocketDisconnect
            message = await self._next(socket)
            if (data := message.get("bytes")) is not None:
                source.push(data)
            elif _is_end(message.get("text") or ""):
                return
            if source.pushed_s > self._limits.audio_s:
                raise ListenError("the session has reached its longest; begin another one")

    async def _next(self, socket: WebSocket) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self._limits.idle_s):
                message = dict(await socket.receive())
        except TimeoutError as error:
            raise ListenError(
                f"no sound came for {self._limits.idle_s:.0f} s; send silence where nobody "
                'speaks, and {"type": "end"} once all is said'
            ) from error
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect
        return message

    def _check_room(self) -> None:
        if self._n_sessions >= self._limits.live:
            raise ListenError(
                f"{self._n_sessions} sessions are open already; try again later", _TRY_AGAIN
            )

    def _spoken(self, socket: WebSocket) -> Spoken:
        """Return what the query asks for, else what the settings say."""
        query = socket.query_params
        unknown = set(query) - {"language", "task"}
        if unknown:
            raise ListenError("the address may have “language” and “task”, nothing else")
        own = Spoken.of(self._settings)
        try:
            language = to_spoken_language(query.get("language", ""))
            task = Task(query.get("task", own.task))
        except UsageError as error:
            raise ListenError(str(error)) from error
        except ValueError as error:
            raise ListenError("“task” must be transcribe or translate") from error
        if "language" not in query:
            spoken = Spoken(own.languages, task)
        else:
            spoken = Spoken((language,) if language else (), task)
        if "language" in query or "task" in query:
            self._check(spoken)
        return spoken

    def _check(self, spoken: Spoken) -> None:
        if spoken.is_beyond_english and not self._is_multilingual:
            raise ListenError(f"the model that is served knows {ENGLISH} alone")


class _Outbox:
    """Messages on their way to a client. `put` is the session's, the rest asyncio's thread's."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._messages: asyncio.Queue[str | None] = asyncio.Queue()

    @property
    def is_full(self) -> bool:
        """Whether nobody seems to read them."""
        return self._messages.qsize() >= MOST_UNREAD

    def put(self, event: Event) -> None:
        """Add the message of an event; after the last one comes None."""
        is_last = event == StateChanged(SessionState.STOPPED)
        message = None if is_last else as_message(event)
        if message is not None or is_last:
            with suppress(RuntimeError):  # the server has ended
                self._loop.call_soon_threadsafe(self._messages.put_nowait, message)

    async def next(self) -> str | None:
        """Return the next message; None after the last."""
        return await self._messages.get()


async def _tell(socket: WebSocket, outbox: _Outbox) -> None:
    while (message := await outbox.next()) is not None:
        await socket.send_text(message)


async def _outcome(feeding: "asyncio.Future[None]") -> ListenError | None:
    """Return why a client is let go, if it is."""
    try:
        await feeding
    except ListenError as error:
        return error
    return None


async def _stopped(*tasks: "asyncio.Future[None]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _refuse(socket: WebSocket, error: ListenError) -> None:
    """Say why, in a way that browsers can read: they hide the answer to a handshake."""
    with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
        async with asyncio.timeout(_FAREWELL_S):
            await socket.send_text(fault(str(error)))
            await socket.close(error.code)


def _is_end(text: str) -> bool:
    """Tell whether a text message is the one that ends the sound.

    Raises:
        ListenError: It is another.
    """
    try:
        message = json.loads(text)
    except ValueError:
        message = None
    if isinstance(message, dict) and message.get("type") == "end":
        return True
    raise ListenError(
        'a text message can only be {"type": "end"}; sound goes into binary messages',
        _UNSUPPORTED,
    )
