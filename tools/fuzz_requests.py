"""Send `sotto serve` what no client would: requests, forms, sockets and frames, whole or broken.

    python -m tools.fuzz_requests --requests 2000 --seed 1

Each is answered in the API's form, or its connection is closed; the server goes on, keeps no place
and no memory for what has gone, and says nothing. Requests are random by their seed.
"""

import argparse
import json
import random
import socket
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from struct import pack

import httpx2

from tools.fixtures.sotto_server import SottoServer, sotto_server

ANSWERS_WITHIN_S = 60.0
LEAVES_AFTER_S = 1.0  # a client whose request has no end, or is worth some work
MOST_OPEN = 40  # clients at once that say nothing more
MOST_GROWTH = 150_000_000  # bytes, from after the first requests on
WARM_UP = 50  # requests until all code has run once
LIMITS = ("--max-upload", "1", "--max-audio", "1", "--max-live", "4", "--max-waiting", "60")
CLIP = (Path(__file__).parents[1] / "tests" / "clips" / "starter" / "014.flac").read_bytes()
HANDSHAKE = b"Failed to open a WebSocket connection"  # the protocol's own words, as plain text
ERROR = ["message", "type", "param", "code"]

TEXTS = (
    b"", b" ", b"\0", b"\xff\xfe", b"../../etc/passwd", b"-1", b"1e999", b"nan", b"true", b"[]",
    b"{}", b"null", b"x" * 5000, b"%00%ff", "ä\u2028".encode(), b"\x1b[2J", b"en", b"klingon",
    b"word", b"segment", b"json", b"srt", b"verbose_json", b"diarized_json", b"whisper-1",
    b"\r\n\r\n", b"0.5", b"1", b"starter-en", b"{" * 1000, b"\xed\xa0\x80",
)  # fmt: skip
FIELDS = (
    b"file", b"model", b"language", b"prompt", b"temperature", b"response_format", b"stream",
    b"timestamp_granularities[]", b"include[]", b"chunking_strategy", b"keywords[]", b"hotwords",
    b"user", b"", b"file[]", b"x" * 300, b"\xff", b'a"b',
)  # fmt: skip
PATHS = (
    b"/v1/audio/transcriptions", b"/v1/audio/translations", b"/v1/compare/faster-whisper",
    b"/v1/models", b"/v1/models/x/y", b"/v1/figures", b"/health", b"/", b"/page/page.js",
    b"/page/../access.py", b"/v1/listen", b"//", b"/%00", b"/%ff", b"*", b"/" + b"a/" * 2000, b"",
    b"http://elsewhere/v1/models", b"/v1/audio/transcriptions/", b"/v1/audio/transcriptions?a=b&a",
)  # fmt: skip
METHODS = (b"GET", b"POST", b"POST", b"HEAD", b"OPTIONS", b"PUT", b"CONNECT", b"BREW", b"get", b"")
HEADERS = (
    b"Host: evil.example", b"Host: [::1", b"Host:", b"Origin: null", b"Origin: http://evil.example",
    b"Authorization: Bearer x", b"Authorization: \xff", b"Expect: 100-continue", b"X: " + b"y" * 99,
    b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip", b"Content-Length: -5",
    b"Content-Length: 99999999999", b"Content-Length: x", b"Content-Encoding: gzip", b"\0: x",
    b"Upgrade: h2c\r\nConnection: Upgrade", b"Upgrade: websocket\r\nConnection: Upgrade", b": x",
    b"Range: bytes=0-1", b"Cookie: " + b"a=b;" * 500, b"X-Client: " + b"\xff" * 300, b"no colon",
)  # fmt: skip
KINDS = (
    b"multipart/form-data; boundary=b", b"multipart/form-data; boundary=b", b"multipart/form-data",
    b"multipart/form-data; boundary=b", b"multipart/form-data; boundary=" + b"b" * 300,
    b"application/json", b"application/x-www-form-urlencoded", b"text/plain", b"\xff", b"",
)  # fmt: skip
MESSAGES = (
    "", "{", "null", "[]", '{"type": "end"}', '{"type": "end"} ', '{"type": ["end"]}', "\0", "3",
    '{"type": "start"}', "[" * 5000, '"' * 999, '{"type":' * 999, "ä\u2028", '{"type": "\\ud800"}',
)  # fmt: skip


def main() -> None:
    """Run and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    started_s = time.monotonic()
    with sotto_server("starter-en", *LIMITS) as server:
        ends = fuzz(server, arguments.requests, random.Random(arguments.seed))
    ends["seconds"] = round(time.monotonic() - started_s)
    sys.stdout.write(f"{json.dumps(ends)}\n")


def fuzz(server: SottoServer, count: int, chance: random.Random) -> Counter[str]:
    """Send so many, ask something sensible after each; return how they ended.

    `grown_mb` is by how much memory grew after the first of them.
    """
    ends: Counter[str] = Counter()
    open_ones: list[socket.socket] = []
    before = 0
    asking = httpx2.Client()
    for number in range(count):
        if number == min(WARM_UP, count // 2):
            before = server.figures["memory_bytes"]
        ends[_one(server, chance, open_ones)] += 1
        while len(open_ones) > MOST_OPEN:
            open_ones.pop(0).close()
        if asking.get(f"{server.url}health").json() != {"status": "ok"}:
            ends["fault: ill"] += 1
    asking.close()
    for each in open_ones:
        each.close()
    _await_rest(server)
    ends["grown_mb"] = (server.figures["memory_bytes"] - before) // 1_000_000
    return ends


def _await_rest(server: SottoServer) -> None:
    """Wait until nothing is held for those who have gone."""
    deadline = time.monotonic() + ANSWERS_WITHIN_S
    while server.n_files or server.figures["live_sessions"]:
        if time.monotonic() > deadline:
            raise TimeoutError("a place is held for nobody")
        time.sleep(0.05)


def _one(server: SottoServer, chance: random.Random, open_ones: list[socket.socket]) -> str:
    line = socket.create_connection(("127.0.0.1", server.port), ANSWERS_WITHIN_S)
    talk = chance.choice((_request, _request, _form, _form, _form, _recording, _socket, _socket))
    with suppress(ConnectionError):  # it has let go already
        end = talk(line, chance)
        if chance.random() < 0.05:  # who neither asks for more nor goes
            open_ones.append(line)
            return end
        if chance.random() < 0.1:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, pack("ii", 1, 0))  # a reset
        line.close()
        return end
    line.close()
    return "closed"


# HTTP -------------------------------------------------------------------------------------


def _request(line: socket.socket, chance: random.Random) -> str:
    """Send a head of any kind, some bytes behind it, or bytes alone."""
    if chance.random() < 0.1:
        line.sendall(chance.randbytes(chance.randrange(1, 3000)) + b"\r\n\r\n")
        return _answer(line)
    method, path = chance.choice(METHODS), chance.choice(PATHS)
    version = chance.choice((b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/9", b""))
    some = chance.sample(HEADERS, chance.choice((0, 0, 1, 2)))
    head = [method + b" " + path + b" " + version, b"Host: localhost", *some, b"", b""]
    line.sendall(b"\r\n".join(head) + chance.choice((b"", b"", *TEXTS)))
    return _answer(line, has_body=method != b"HEAD")


def _form(line: socket.socket, chance: random.Random) -> str:
    """Send a form, whole, cut short, or with one byte of it changed; at once, or slowly."""
    parts = [_part(chance) for _ in range(chance.choice((0, 1, 2, 3, 60)))]
    body = bytearray(b"".join(parts) + chance.choice((b"--b--\r\n", b"--b--\r\n", b"")))
    length = len(body) + chance.choice((0, 0, 0, 0, 7, -7))
    if body and chance.random() < 0.2:
        body[chance.randrange(len(body))] = chance.randrange(256)
    if chance.random() < 0.2:
        del body[chance.randrange(len(body) + 1) :]
    path = chance.choice(PATHS[:3])
    line.sendall(
        b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + chance.choice(KINDS)
        + b"\r\nContent-Length: %d\r\n\r\n" % max(0, length)
    )  # fmt: skip
    step = chance.choice((len(body), len(body), 1000)) or 1
    for start in range(0, len(body), step):
        line.sendall(body[start : start + step])
    return _answer(line)


def _recording(line: socket.socket, chance: random.Random) -> str:
    """Send a form that is one, with a recording and two fields of any content."""
    sound = b'file"; filename="a.flac"\r\n\r\n' + chance.choice((CLIP, CLIP[:2000], b"RIFF"))
    parts = [chance.choice(FIELDS[1:]) + b'"\r\n\r\n' + chance.choice(TEXTS) for _ in range(2)]
    start = b'--b\r\nContent-Disposition: form-data; name="'
    body = b"".join(start + part + b"\r\n" for part in (*parts, sound)) + b"--b--\r\n"
    line.sendall(
        b"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
        + KINDS[0] + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )  # fmt: skip
    return _answer(line)


def _part(chance: random.Random) -> bytes:
    name, text = chance.choice(FIELDS), chance.choice(TEXTS)
    if name == b"file" or chance.random() < 0.1:
        name += b'"; filename="' + chance.choice(TEXTS)[:200].replace(b"\r\n", b"")
        text = chance.choice((*TEXTS, CLIP, CLIP, CLIP[: len(CLIP) // 2], bytes(1_200_000)))
    return b'--b\r\nContent-Disposition: form-data; name="' + name + b'"\r\n\r\n' + text + b"\r\n"


def _answer(line: socket.socket, *, has_body: bool = True) -> str:
    """Return how a request ended; one that has no end is left after a while."""
    data = b""
    line.settimeout(LEAVES_AFTER_S)
    try:
        while not _is_whole(data, has_body=has_body) and (more := line.recv(65536)):
            data += more
    except TimeoutError:
        return "left"
    return _judged(data, has_body=has_body) if data else "closed"


def _is_whole(data: bytes, *, has_body: bool) -> bool:
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return False
    fields = _fields(head)
    if b"content-length" in fields and has_body:
        return len(body) >= int(fields[b"content-length"])
    return b"transfer-encoding" not in fields or body.endswith(b"0\r\n\r\n") or not has_body


def _fields(head: bytes) -> dict[bytes, bytes]:
    return dict(each.lower().split(b": ", 1) for each in head.split(b"\r\n")[1:])


def _judged(data: bytes, *, has_body: bool) -> str:
    """Judge the first answer: what was sent may be taken for several requests."""
    head, _, body = data.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    if body.startswith(HANDSHAKE):
        return "refused"
    body = body[: int(_fields(head).get(b"content-length", len(body)))]
    if status < 400:
        return "answered"
    try:
        told = json.loads(body)["error"] if has_body else dict.fromkeys(ERROR)
    except (ValueError, KeyError, TypeError):
        return f"fault: {status} {body[:80]!r}"
    return "refused" if list(told) == ERROR and status != 500 else f"fault: {status} {told}"


# The socket -------------------------------------------------------------------------------


def _socket(line: socket.socket, chance: random.Random) -> str:
    """Open a WebSocket by hand, and send messages, frames or bytes that make no sense."""
    query = b"?language=" + chance.choice((b"en", b"en", b"x", b"%ff", b"de&task=translate", b"&&"))
    line.sendall(
        b"GET /v1/listen" + chance.choice((b"", b"", query)) + b" HTTP/1.1\r\nHost: localhost\r\n"
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    if b" 101 " not in line.recv(65536):
        return "refused"
    for _ in range(chance.randrange(1, 6)):
        line.sendall(_frame(chance))
    return "listened"


def _frame(chance: random.Random) -> bytes:
    if chance.random() < 0.15:
        return chance.randbytes(chance.randrange(1, 500))
    if chance.random() < 0.5:
        size = chance.choice((0, 1, 3, 999, 1001, 32_000, 65_536, 1_100_000))
        return _framed(2, chance.randbytes(size) if size < 40_000 else bytes(size))
    if chance.random() < 0.8:
        return _framed(1, chance.choice(MESSAGES).encode("utf-8", "surrogatepass"))
    return _framed(chance.choice((0, 1, 3, 8, 9, 10, 15)), chance.choice(TEXTS)[:125])


def _framed(opcode: int, payload: bytes) -> bytes:
    """Return a frame of a client, masked with nothing (RFC 6455, 5.2)."""
    length = len(payload)
    if length < 126:
        size = bytes([128 | length])
    elif length < 65_536:
        size = bytes([128 | 126]) + length.to_bytes(2)
    else:
        size = bytes([128 | 127]) + length.to_bytes(8)
    return bytes([128 | opcode]) + size + bytes(4) + payload


if __name__ == "__main__":
    main()
