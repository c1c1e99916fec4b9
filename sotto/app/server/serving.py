"""Listening for clients: the socket, and uvicorn on it."""

import asyncio
import json
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from sotto.app.server.api_error import ApiError
from sotto.errors import UsageError

FIRST_REQUEST_S = 20.0
"""For the head of a connection's first request; who takes longer keeps a place from others."""
MAX_HEAD_BYTES = 32 * 1024
MAX_CONNECTIONS = 512
MAX_MESSAGE_BYTES = 1 << 20
"""Of a WebSocket: half a minute of sound."""
CLOSES_WITHIN_S = 3
PING_S = 30.0


class PatientProtocol(H11Protocol):
    """HTTP/1.1, without patience for those who connect and ask for nothing."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected."""
        super().connection_made(transport)
        self._has_asked = False
        self._deadline = self.loop.call_later(FIRST_REQUEST_S, self._give_up)

    def handle_events(self) -> None:
        """Bytes have come."""
        super().handle_events()
        self._has_asked = bool(self.scope)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._deadline.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, as the API answers."""
        body = json.dumps(ApiError.bad(msg).body).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        response = h11.Response(status_code=HTTPStatus.BAD_REQUEST, headers=headers)
        for event in (response, h11.Data(body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _give_up(self) -> None:
        if not self._has_asked:
            self.transport.close()


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UsageError: The address or the port cannot be had.
    """
    host = host.strip("[]")  # as addresses of IPv6 stand in those of pages
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "that is no name of a machine"
        why = why.partition(" (while")[0].lower()
        raise UsageError(
            f"nothing can listen on {host}, port {port} ({why}); give another --port or --host"
        ) from error


def url_of(listening: socket.socket) -> str:
    """Return the address of the page."""
    host, port = listening.getsockname()[:2]
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"


def serve(app: ASGIApp, listening: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until Ctrl+C, SIGTERM or SIGHUP; what is being answered may end in some seconds."""
    options: dict[str, Any] = {
        "http": PatientProtocol,
        "ws": "websockets-sansio",
        "loop": "asyncio",
        # Nothing is logged by anybody but Sotto, so no names of files and no texts are.
        "log_config": None,
        "log_level": "critical",
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "h11_max_incomplete_event_size": MAX_HEAD_BYTES,
        "limit_concurrency": MAX_CONNECTIONS,
        "ws_max_size": MAX_MESSAGE_BYTES,
        "ws_per_message_deflate": False,  # sound shrinks by little; a message could grow a lot
        "ws_ping_interval": PING_S,
        "ws_ping_timeout": PING_S,
        "timeout_graceful_shutdown": CLOSES_WITHIN_S,
    }
    # It would show bytes of what was sent.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    _Server(uvicorn.Config(app, **options), on_ready).run(sockets=[listening])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the end of the terminal for Ctrl+C, too."""
        with super().capture_signals():
            before = signal.getsignal(signal.SIGHUP)
            if before is not signal.SIG_IGN:  # which nohup has done
                signal.signal(signal.SIGHUP, self.handle_exit)
            try:
                yield
            finally:
                signal.signal(signal.SIGHUP, before)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()
