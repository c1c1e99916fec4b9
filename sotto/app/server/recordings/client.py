"""Which client asks, so that those who send much leave room for others."""

from starlette.requests import Request

from sotto.app.server.sharing.fair_queue import Client

CLIENT_HEADER = "x-client"
MAX_NAME = 200  # characters; the rest of a name makes no other client


def client_of(request: Request) -> Client:
    """Return who asks: by address, by program, and by what it calls itself.

    On loopback, and behind a proxy, all have one address. There programs are told apart by their
    `User-Agent`, and who is still taken for another one sends a name of its own, as `X-Client`.
    """
    address = request.client.host if request.client is not None else ""
    names = (request.headers.get(name, "")[:MAX_NAME] for name in ("user-agent", CLIENT_HEADER))
    return (address, *names)
