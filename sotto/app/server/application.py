"""The server's addresses, and what answers them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from sotto.app.core.settings import Settings
from sotto.app.core.traces.logger import DEFECT, logger
from sotto.app.server.api_error import ApiError
from sotto.app.server.figures import Figures, memory_bytes
from sotto.app.server.limits import Limits
from sotto.app.server.live.live import Live
from sotto.app.server.peers.peer import Peer
from sotto.app.server.recordings.comparing import Comparing
from sotto.app.server.recordings.files import Files
from sotto.app.server.requests.access import Access, Guard
from sotto.app.server.requests.wanted import is_served
from sotto.app.server.sharing.file_queue import FileQueue
from sotto.app.server.sharing.lending import SharedRecognisers
from sotto.app.server.sharing.turns import Turns
from sotto.errors import InternalError
from sotto.inference.interfaces import Model

STUCK_S = 300.0
"""No run of a graph, and no decode of live speech, takes so long: then the model hangs."""
_PAGE = Path(__file__).parent / "page"
_PAGE_FILES = {
    "index.html": (_PAGE / "index.html", "text/html"),
    "page.js": (_PAGE / "page.js", "text/javascript"),
    "microphone.js": (_PAGE / "microphone.js", "text/javascript"),
    "page.css": (_PAGE / "page.css", "text/css"),
    "sotto.svg": (Path(__file__).parents[2] / "assets" / "icons" / "sotto.svg", "image/svg+xml"),
}
_CLIENT_CLOSED_REQUEST = 499  # nginx's; nobody reads it
_PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'none'; "
    "base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_log = logger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Served:
    """The model that is served, the name that clients know it by, and programs beside it."""

    model: Model
    name: str
    peers: tuple[Peer, ...] = ()


class Application:
    """What the server does. Owned by asyncio's thread."""

    def __init__(self, served: Served, settings: Settings, access: Access, limits: Limits) -> None:
        self._name = served.name
        self._access = access
        self._turns = Turns()
        self._figures = Figures()
        tokenizer = served.model.checkpoint.tokenizer
        self._queue = FileQueue(served.model, self._turns, self._figures, limits)
        self._files = Files(self._queue, (served.name,), tokenizer, limits)
        self._comparing = Comparing(
            served.peers, self._queue, limits, settings.compute_type, tokenizer
        )
        self._live = Live(
            SharedRecognisers(served.model, self._turns, self._figures),
            settings,
            limits,
            is_multilingual=tokenizer.is_multilingual,
        )

    def asgi(self) -> Starlette:
        """Return it as uvicorn takes it."""
        return Starlette(
            routes=[
                *self._api_routes(),
                Route("/", self._page, methods=["GET"]),
                Route("/page/{name}", self._page, methods=["GET"]),
            ],
            middleware=self._middleware(),
            exception_handlers={ApiError: _api_error, HTTPException: _http_error},
            lifespan=self._lifespan,
        )

    def _api_routes(self) -> list[Route | WebSocketRoute]:
        post, get = ["POST"], ["GET"]
        files = self._files
        return [
            Route("/v1/audio/transcriptions", _guarded(files.transcriptions), methods=post),
            Route("/v1/audio/translations", _guarded(files.translations), methods=post),
            Route("/v1/compare/{name}", _guarded(self._comparing.compare), methods=post),
            Route("/v1/models", self._models, methods=get),
            Route("/v1/models/{name:path}", self._model, methods=get),
            Route("/v1/figures", self._show_figures, methods=get),
            Route("/health", self._health, methods=get),
            WebSocketRoute("/v1/listen", self._listen),
        ]

    def _middleware(self) -> list[Middleware]:
        guard = Middleware(Guard, access=self._access)
        if not self._access.origins:
            return [guard]
        cors = Middleware(
            CORSMiddleware,
            allow_origins=list(self._access.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["*"],
        )
        return [cors, guard]

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        yield
        self._queue.close()

    async def _listen(self, socket: WebSocket) -> None:
        await self._live.listen(socket)

    async def _models(self, _: Request) -> Response:
        return JSONResponse({"object": "list", "data": [self._described(self._name)]})

    async def _model(self, request: Request) -> Response:
        name = request.path_params["name"]
        if not is_served(name, (self._name,)):
            raise ApiError(
                HTTPStatus.NOT_FOUND,
                f"This server serves {self._name} alone",
                code="model_not_found",
                param="model",
            )
        return JSONResponse(self._described(name))

    @staticmethod
    def _described(name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": 0, "owned_by": "sotto"}

    async def _show_figures(self, _: Request) -> Response:
        return JSONResponse(
            asdict(self._figures.totals)
            | {
                "memory_bytes": memory_bytes(),
                "files_waiting": self._queue.n_taken,
                "live_sessions": self._live.n_sessions,
                "peers": self._comparing.names,
            }
        )

    async def _health(self, _: Request) -> Response:
        if self._turns.held_s > STUCK_S:
            return JSONResponse({"status": "stuck"}, HTTPStatus.SERVICE_UNAVAILABLE)
        return JSONResponse({"status": "ok"})

    async def _page(self, request: Request) -> Response:
        name = request.path_params.get("name", "index.html")
        if name not in _PAGE_FILES:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        path, media_type = _PAGE_FILES[name]
        return FileResponse(path, headers=_PAGE_HEADERS, media_type=media_type)


def _guarded(endpoint: Endpoint) -> Endpoint:
    """Have a client that has gone, and a defect, answered like anything else."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (ApiError, HTTPException):
            raise
        except ClientDisconnect:
            return Response(status_code=_CLIENT_CLOSED_REQUEST)
        except Exception as error:
            _log.log(DEFECT, "a request failed", exc_info=error)
            raise ApiError.of(InternalError.of(error)) from error

    return answer


async def _api_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return error.response


async def _http_error(_: Request, error: Exception) -> Response:
    """Answer what the router refuses as the API would."""
    status = HTTPStatus.NOT_FOUND
    with suppress(ValueError):
        status = HTTPStatus(getattr(error, "status_code", status))
    headers = getattr(error, "headers", None)
    hint = "the API's base address ends with /v1, " if status == HTTPStatus.NOT_FOUND else ""
    return ApiError(status, f"{status.phrase}; {hint}see docs/server.md", headers=headers).response
