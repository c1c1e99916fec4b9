"""Who may ask: by host, page and token."""

import json

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from sotto.app.server.api_error import ApiError
from sotto.app.server.requests.access import Access, is_loopback, own_names
from tools.fixtures.sotto_server import sotto_server

TOKEN = "a-token-that-nobody-guesses"  # noqa: S105 (of tests)


def status(access: Access, method: str = "GET", path: str = "/v1/models", **headers: str) -> int:
    """Return 200, or what a request is refused with."""
    try:
        access.check(method, path, {"host": "localhost:8642"} | headers, headers.get("offers", ""))
    except ApiError as error:
        return int(error.status)
    return 200


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", 200),
        ("LOCALHOST.:8642", 200),
        ("127.0.0.1:8642", 200),
        ("[::1]:8642", 200),
        ("192.168.1.20", 200),  # an address is nobody's to point elsewhere
        ("desk.example:8642", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost:8642@evil.example", 421),
        ("localhost:port", 421),
        ("", 421),
    ],
)
def test_names_that_it_is_called_by(host: str, expected: int) -> None:
    assert status(Access(hosts=("desk.example",)), host=host) == expected


@pytest.mark.parametrize("method", ["POST", "WEBSOCKET", "DELETE"])
@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("http://localhost:8642", 200),
        ("https://trusted.example", 200),
        ("http://trusted.example", 403),
        ("http://localhost:9999", 403),
        ("https://evil.example", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_pages_that_may_use_it(method: str, origin: str, expected: int) -> None:
    access = Access(origins=("https://trusted.example",))
    assert status(access, method, origin=origin) == expected
    assert status(access, method) == 200  # no browser


def test_the_token_is_asked_for_wherever_something_can_be_had() -> None:
    access = Access(token=TOKEN)
    for path in ("/v1/models", "/v1/listen", "/v1/figures", "/nowhere", "/pages", "//"):
        assert status(access, path=path) == 401
        assert status(access, path=path, authorization=f"Bearer {TOKEN}") == 200
        assert status(access, path=path, authorization=f"bearer {TOKEN}") == 200
        assert status(access, path=path, offers=f"sotto, sotto-token.{TOKEN}") == 200
    for wrong in ("", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ü"):
        assert status(access, authorization=wrong) == 401
    for path in ("/", "/health", "/page/page.js"):
        assert status(access, path=path) == 200


def test_loopback_and_names() -> None:
    for host in ("127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9"):
        assert is_loopback(host)
        assert own_names(host) == (host,)
    for host in ("0.0.0.0", "::", "192.168.1.20", "desk.example", ""):  # noqa: S104
        assert not is_loopback(host)
        assert len(own_names(host)) == 3


def test_a_server_with_a_token_and_a_page_elsewhere() -> None:
    page = "https://trusted.example"
    with sotto_server("starter-en", "--allow-origin", page, SOTTO_SERVER_TOKEN=TOKEN) as server:
        refused = httpx2.get(f"{server.api}/models")
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.json()["error"]["code"] == "invalid_api_key"
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        allowed = httpx2.get(f"{server.api}/models", headers=bearer | {"Origin": page})
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == page
        asked = {"Origin": page, "Access-Control-Request-Method": "POST"}
        preflight = httpx2.options(f"{server.api}/audio/transcriptions", headers=asked)
        assert preflight.headers["access-control-allow-origin"] == page
        elsewhere = httpx2.get(f"{server.api}/models", headers=bearer | {"Origin": "https://e.org"})
        assert "access-control-allow-origin" not in elsewhere.headers

        with pytest.raises(InvalidStatus) as error, connect(server.socket_url):
            pass
        assert error.value.response.status_code == 401
        with (
            pytest.raises(InvalidStatus) as error,
            connect(
                server.socket_url, additional_headers=bearer, origin=Origin("https://evil.example")
            ),
        ):
            pass
        assert error.value.response.status_code == 403
        offers = [Subprotocol("sotto"), Subprotocol(f"sotto-token.{TOKEN}")]
        with connect(server.socket_url, subprotocols=offers, origin=Origin(page)) as socket:
            assert socket.subprotocol == "sotto"  # the token is not sent back
            assert json.loads(socket.recv()) == {"event": "state", "state": "preparing"}
