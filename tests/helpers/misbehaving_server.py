"""An HTTP server on this machine that handles every request as it is told to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def misbehaving_server(handle: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Serve, and yield the address. Requests of `/` are answered, so that it seems to be there."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (inherited name)
            """Stay silent."""

        def do_HEAD(self) -> None:
            if self.path == "/":
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.do_GET()

        def do_GET(self) -> None:
            with suppress(OSError, ValueError):  # the client has had enough
                handle(self)

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
