"""Who may ask: by the name that the server was called by, by page, and by token.

Nothing but loopback is listened on without a token. Even there a page of the web must not have the
user's browser use Sotto: a page that comes from elsewhere is told by its `Origin`, and one whose
name was made to point here (DNS rebinding) by `Host`.
"""

import hmac
import ipaddress
import re
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sotto.app.server.api_error import ApiError

PROTOCOL_PREFIX = "sotto-token."
"""Before the token among a WebSocket's subprotocols: browsers can send no headers there."""
OPEN_PATHS = ("/", "/health", "/page/")
"""What anybody may read: nothing in them is anybody's."""
ANY_ORIGIN = "*"
_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^\[\]:/@?#\s]+)(?::\d{1,5})?")
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask.

    Attributes:
        token: to be sent with each request; empty where none is needed.
        hosts: names that this server is called by, beside addresses and localhost.
        origins: of pages that may use it, such as `https://example.org`; `*` for all.
    """

    token: str = ""
    hosts: Collection[str] = ()
    origins: Collection[str] = field(default=())

    def check(self, method: str, path: str, headers: Mapping[str, str], protocols: str) -> None:
        """Let a request through.

        Raises:
            ApiError: It comes from where it must not, or without the token.
        """
        host = headers.get("host", "")
        if not self._knows(host):
            raise ApiError(
                HTTPStatus.MISDIRECTED_REQUEST,
                "This server is not called by that name; use its address, or start it with "
                "--allow-host NAME",
                code="unknown_host",
            )
        origin = headers.get("origin")
        if origin is not None and method not in _SAFE and not self._trusts(origin, host):
            raise ApiError(
                HTTPStatus.FORBIDDEN,
                "Pages from elsewhere may not use this server; start it with --allow-origin ORIGIN",
                code="forbidden_origin",
            )
        if method != "OPTIONS" and not _is_open(path):
            self._check_token(headers.get("authorization", ""), protocols)

    def _knows(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        name = match["name"].lower().rstrip(".") if match else ""
        return name == "localhost" or name in self.hosts or _is_address(name)

    def _trusts(self, origin: str, host: str) -> bool:
        if origin in self.origins or ANY_ORIGIN in self.origins:
            return True
        return origin != "null" and urlsplit(origin).netloc == host

    def _check_token(self, authorization: str, protocols: str) -> None:
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer":
            offered = (each.strip() for each in protocols.split(","))
            tokens = (each for each in offered if each.startswith(PROTOCOL_PREFIX))
            given = next(tokens, "").removeprefix(PROTOCOL_PREFIX)
        if self.token and not hmac.compare_digest(given.strip().encode(), self.token.encode()):
            raise ApiError(
                HTTPStatus.UNAUTHORIZED,
                "The token is missing or wrong; send it as “Authorization: Bearer TOKEN”",
                code="invalid_api_key",
                headers={"WWW-Authenticate": "Bearer"},
            )


class Guard:
    """ASGI: lets through what `Access` lets through. Owned by asyncio's thread."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        # A WebSocket begins with a GET, but any page may open one.
        method = scope.get("method", "WEBSOCKET")
        protocols = headers.get("sec-websocket-protocol", "")
        try:
            self._access.check(method, scope["path"], headers, protocols)
        except ApiError as error:
            await error.response(scope, receive, send)
            return
        await self._app(scope, receive, send)


def own_names(host: str) -> tuple[str, ...]:
    """Return the names that a server is called by that listens on `host`."""
    machine = socket.gethostname().lower()
    of_machine = () if is_loopback(host) else (machine, f"{machine.partition('.')[0]}.local")
    return (host.lower(), *of_machine)


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach an address."""
    if host.lower() == "localhost":
        return True
    return _is_address(host) and ipaddress.ip_address(host.strip("[]")).is_loopback


def _is_address(name: str) -> bool:
    """Whether it is an address: no name, which could be made to point anywhere."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_PATHS[-1])
