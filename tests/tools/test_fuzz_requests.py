"""What no client would send to a server: the short form."""

import random

import pytest

from tools.fixtures.sotto_server import sotto_server
from tools.fuzz_requests import ERROR, LIMITS, MOST_GROWTH, _judged, fuzz

N_REQUESTS = 120
ENDS = {"answered", "refused", "closed", "left", "listened"}


def test_whatever_is_sent_the_server_goes_on() -> None:
    with sotto_server("starter-en", *LIMITS) as server:
        ends = fuzz(server, N_REQUESTS, random.Random(3))
        assert ends.pop("grown_mb") * 1_000_000 < MOST_GROWTH
    assert ends.keys() <= ENDS
    assert ends.total() == N_REQUESTS
    assert min(ends["answered"], ends["refused"], ends["listened"]) > 0


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n{}", "answered"),
        (b'HTTP/1.1 400 Bad\r\n\r\n{"error": {"message": "no"}}', "fault: 400 {'message': 'no'}"),
        (b"HTTP/1.1 500 Internal Server Error\r\n\r\noops", "fault: 500 b'oops'"),
    ],
)
def test_what_is_wrong_is_seen(answer: bytes, end: str) -> None:
    assert _judged(answer, has_body=True) == end
    told = "".join(f'"{name}": 1,' for name in ERROR).rstrip(",").encode()
    for status, word in ((b"404", "refused"), (b"500", "fault")):
        answer = b"HTTP/1.1 " + status + b" X\r\n\r\n" + b'{"error": {' + told + b"}}"
        assert _judged(answer, has_body=True).startswith(word)
