"""A Hugging Face hub on this machine: the few answers that fetching a model needs, over HTTP."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What the server has and what it was asked.

    Attributes:
        models: files of each model, by hub id.
        cut_after: the connection breaks after so many bytes of a file's body, once.
        stall_after: a file's body stands still after so many bytes, until `release`.
        claimed_size: the size that is told of the weights, if it is not their own.
        damaged: names of files that arrive with a wrong byte.
        requests: method, path and Range of all requests.
    """

    models: dict[str, dict[str, bytes]]
    endpoint: str = ""
    cut_after: int | None = None
    stall_after: int | None = None
    claimed_size: int | None = None
    damaged: set[str] = field(default_factory=set)
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    _released: threading.Event = field(default_factory=threading.Event)

    def stall(self) -> None:
        """Wait for `release`."""
        self._released.wait()

    def release(self) -> None:
        """Let answers through that stand still, and all that follow."""
        self.stall_after = None
        self._released.set()

    def ranges_of(self, name: str) -> list[str | None]:
        """Return the Range of each download of a file, in order."""
        return [
            wanted
            for method, path, wanted in self.requests
            if method == "GET" and path.endswith(f"/resolve/main/{name}")
        ]


@contextmanager
def running_hub(models: dict[str, dict[str, bytes]]) -> Iterator[Hub]:
    """Serve `models` on a free port of this machine."""
    hub = Hub(models)

    class Handler(_Handler):
        content = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield hub
    finally:
        hub.release()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    content: Hub

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (inherited name)
        """Stay silent."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.content.requests.append((self.command, self.path, self.headers.get("Range")))
        for repo, files in self.content.models.items():
            if self.path.startswith(f"/api/models/{repo}"):
                return self._send(json.dumps(_model_info(repo, files)).encode(), {})
            name = self.path.removeprefix(f"/{repo}/resolve/main/")
            if name in files:
                return self._send_file(name, files[name])
        return self._refuse()

    def _refuse(self) -> None:
        # The real hub says so of models that don't exist, too.
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("X-Error-Code", "RepoNotFound")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send_file(self, name: str, body: bytes) -> None:
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{git_blob_id(body)}"'}
        if name.endswith((".safetensors", ".bin")):
            headers["X-Linked-Etag"] = f'"{hashlib.sha256(body).hexdigest()}"'
            headers["X-Linked-Size"] = str(self.content.claimed_size or len(body))
        if name in self.content.damaged:
            body = bytes([body[0] ^ 1]) + body[1:]
        wanted = self.headers.get("Range")
        offset = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        if offset:
            headers["Content-Range"] = f"bytes {offset}-{len(body) - 1}/{len(body)}"
        self._send(body[offset:], headers, is_partial=wanted is not None)

    def _send(self, body: bytes, headers: dict[str, str], *, is_partial: bool = False) -> None:
        self.send_response(HTTPStatus.PARTIAL_CONTENT if is_partial else HTTPStatus.OK)
        for header, value in headers.items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        self._send_body(body)

    def _send_body(self, body: bytes) -> None:
        cut, stall = self.content.cut_after, self.content.stall_after
        if stall is not None and len(body) > stall:
            self.wfile.write(body[:stall])
            self.wfile.flush()
            self.content.stall()
            self.close_connection = True
        elif cut is not None and len(body) > cut:
            self.content.cut_after = None
            self.wfile.write(body[:cut])
            self.close_connection = True
        else:
            self.wfile.write(body)


def _model_info(repo: str, files: dict[str, bytes]) -> dict[str, object]:
    siblings = [{"rfilename": name} for name in files]
    return {"id": repo, "sha": COMMIT, "siblings": siblings, "tags": []}


def git_blob_id(body: bytes) -> str:
    """Return the id that git gives to a file of this content."""
    header = f"blob {len(body)}\0".encode()
    return hashlib.sha1(header + body, usedforsecurity=False).hexdigest()
