"""What no client would send: each is answered in the API's form, and the server goes on."""

import io
import json
import socket
from collections.abc import Iterator

import httpx2
import numpy as np
import pytest
import soundfile

from tools.fixtures.sotto_server import SottoServer

ANSWERS_WITHIN_S = 60.0
HEAD = b"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
FORM = b"multipart/form-data; boundary=b"
FILE = b'Content-Disposition: form-data; name="file"; filename="a.wav"\r\n'
MEGABYTE = 1_000_000


def answered(server: SottoServer, *parts: bytes) -> tuple[int, dict[str, str]]:
    """Return the status of what is answered to bytes, and the error."""
    with socket.create_connection(("127.0.0.1", server.port), ANSWERS_WITHIN_S) as line:
        answer = bytearray()
        try:
            for part in parts:
                line.sendall(part)
            while data := line.recv(65536):
                answer += data
        except ConnectionResetError:  # the server does not read all of it
            pass
    head, _, body = bytes(answer).partition(b"\r\n\r\n")
    error = json.loads(body)["error"]
    assert list(error) == ["message", "type", "param", "code"]
    return int(head.split()[1]), error


def posted(server: SottoServer, content_type: bytes, body: bytes) -> tuple[int, dict[str, str]]:
    length = str(len(body)).encode()
    fields = b"Content-Type: " + content_type + b"\r\nContent-Length: " + length + b"\r\n\r\n"
    return answered(server, HEAD, fields, body)


@pytest.fixture(autouse=True)
def fixture_still_serves(small_server: SottoServer) -> Iterator[None]:
    """Whatever comes, it holds no place."""
    yield
    assert small_server.n_files == 0
    assert httpx2.get(f"{small_server.url}health").json() == {"status": "ok"}


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * MEGABYTE + b"\r\n\r\n",
        HEAD + b"Content-Length: nine\r\n\r\n",
        HEAD + b"Content-Length: -9\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http(small_server: SottoServer, request_bytes: bytes) -> None:
    assert answered(small_server, request_bytes)[0] == 400


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (b"application/json", b'{"file": "a.wav"'),
        (b"application/x-www-form-urlencoded", b"file=a"),
        (b"multipart/form-data", b"--b--"),
        (b"multipart/form-data; boundary=", b"--b--"),
        (b"multipart/form-data; boundary=" + b"b" * 5000, b"--b--"),
        (FORM, b""),
        (FORM, b"no form at all"),
        (FORM, b"--b\r\n" + FILE + b"\r\ncut short"),
        (FORM, b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
        (FORM, b"--b\r\n" + FILE + b"X: " + b"h" * (MEGABYTE // 2) + b"\r\n\r\nx\r\n--b--\r\n"),
        (FORM, (b"--b\r\n" + FILE + b"\r\nx\r\n") * 2 + b"--b--\r\n"),
        (
            FORM,
            b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\nx\r\n' * 1000 + b"--b--\r\n",
        ),
        (
            FORM,
            b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n'
            + b"p" * (MEGABYTE // 2)
            + b"\r\n--b--\r\n",
        ),
        (
            FORM + b"; charset=zip",
            b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xff\r\n--b--\r\n',
        ),
        (
            FORM,
            b'--b\r\nContent-Disposition: form-data; name="model"; filename="m"\r\n\r\nx'
            b"\r\n--b--\r\n",
        ),
    ],
)
def test_what_is_no_form(small_server: SottoServer, content_type: bytes, body: bytes) -> None:
    status, error = posted(small_server, content_type, body)
    assert (status, error["type"]) == (400, "invalid_request_error")


@pytest.mark.parametrize(
    "name", [b"../../etc/passwd", b"/etc/passwd", b"-y", b"a.m3u8", b"http://localhost/a.wav", b""]
)
@pytest.mark.parametrize("content", [b"", b"/etc/passwd", b"#EXTM3U\n/etc/passwd\n"])
def test_names_mean_nothing(small_server: SottoServer, name: bytes, content: bytes) -> None:
    disposition = b'Content-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\n'
    status, error = posted(
        small_server, FORM, b"--b\r\n" + disposition + content + b"\r\n--b--\r\n"
    )
    assert (status, error["param"]) == (400, "file")
    assert "passwd" not in error["message"]
    assert "/proc" not in error["message"]


def test_too_much_is_refused_before_and_while_it_comes(small_server: SottoServer) -> None:
    fields = HEAD + b"Content-Type: " + FORM + b"\r\n"
    told = answered(small_server, fields + b"Content-Length: 99999999999\r\n\r\n")
    assert told[0] == 413
    start = b"--b\r\n" + FILE + b"\r\n"
    chunks = (b"%x\r\n" % len(data) + data + b"\r\n" for data in (start, bytes(2 * MEGABYTE)))
    told = answered(small_server, fields + b"Transfer-Encoding: chunked\r\n\r\n", *chunks)
    assert told[0] == 413
    assert told[1]["code"] == "file_too_large"


def test_a_recording_that_is_too_long_is_refused(small_server: SottoServer) -> None:
    """A minute is what that server takes; an hour of silence is a small file."""
    file = io.BytesIO()
    soundfile.write(file, np.zeros(100 * 8000, np.float32), 8000, format="FLAC")
    answer = httpx2.post(
        f"{small_server.api}/audio/transcriptions", files={"file": ("a.flac", file.getvalue())}
    )
    assert answer.status_code == 400
    assert "longer than 60 s" in answer.json()["error"]["message"]


def test_paths_lead_nowhere_else(small_server: SottoServer) -> None:
    for path in (b"/page/..%2f..%2faccess.py", b"/page/../access.py", b"/page/%2fetc%2fpasswd"):
        request = b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        assert answered(small_server, request)[0] == 404
    request = b"DELETE /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert answered(small_server, request)[0] == 405
