"""Downloads that end, whatever a server does: short, endless, slow and lying answers.

One that was cut off goes on where it stopped, and none is believed before its checksum is right.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx2
from huggingface_hub import constants, get_session, get_token

from sotto.errors import DownloadError

TIMEOUT_S = 30.0  # without a byte; then the connection counts as broken
ATTEMPTS = 5  # connections in a row that bring next to nothing before the download is given up
_LEAST = 1 << 16  # bytes; what brings fewer brings next to nothing
_FIRST_WAIT_S = 0.5  # before such a connection is tried again; then twice as long each time
_SLOWEST_S = 60.0  # for `_LEAST` bytes; slower counts as broken
_LONGEST_ANSWER = 16 << 20  # bytes of a list of files; the longest known has one
_POLL_S = 0.1  # between two looks at a cancellation while nothing comes

Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a model as the hub describes it; `etag` is a checksum of its content."""

    name: str
    url: str
    etag: str
    size: int
    commit: str


def bounded(response: httpx2.Response) -> bytes:
    """Return the body of an answer that has an end."""
    content = bytearray()
    deadline_s = time.monotonic() + _SLOWEST_S
    for block in response.iter_bytes():
        content += block
        if len(content) > _LONGEST_ANSWER or time.monotonic() > deadline_s:
            raise DownloadError(
                f"the answer of {constants.ENDPOINT} does not end; check HF_ENDPOINT, or try later"
            )
    return bytes(content)


def plain(headers: httpx2.Headers) -> dict[str, str]:
    """Return the headers of a body that is no longer packed."""
    packed = {"content-encoding", "content-length", "transfer-encoding"}
    return {name: value for name, value in headers.items() if name.lower() not in packed}


def size(path: Path) -> int:
    """Return the bytes of a file; none where there is no file."""
    return path.stat().st_size if path.exists() else 0


def receive(
    file: RemoteFile, partial: Path, report: Callable[[int], None], cancelled: Cancelled
) -> None:
    """Append to `partial` until it is whole; connect again when the connection breaks.

    Raises:
        DownloadError: A few connections in a row brought next to nothing, or too much came.
    """
    most, fruitless = size(partial), 0
    while size(partial) < file.size:
        broken: httpx2.TransportError | None = None
        try:
            _append(file, partial, size(partial), report, cancelled)
        except httpx2.TransportError as error:
            broken = error
        # What was there before and comes again is no progress.
        fruitless = 0 if size(partial) >= min(most + _LEAST, file.size) else fruitless + 1
        most = max(most, size(partial))
        if fruitless == ATTEMPTS:
            raise broken or DownloadError(
                f"{constants.ENDPOINT} does not send {file.name} to its end; try again later: it "
                "goes on where it stopped"
            )
        if fruitless:
            _wait(_FIRST_WAIT_S * 2 ** (fruitless - 1), cancelled)


def _wait(seconds: float, cancelled: Cancelled) -> None:
    end_s = time.monotonic() + seconds
    while (left_s := end_s - time.monotonic()) > 0:
        _stop_if(cancelled)
        time.sleep(min(left_s, _POLL_S))


def _stop_if(cancelled: Cancelled) -> None:
    if cancelled():
        raise DownloadError("the download was cancelled; the next one goes on where it stopped")


def _append(
    file: RemoteFile,
    partial: Path,
    offset: int,
    report: Callable[[int], None],
    cancelled: Cancelled,
) -> None:
    headers = {"Accept-Encoding": "identity", "Range": f"bytes={offset}-"}
    if token := get_token():
        headers["Authorization"] = f"Bearer {token}"
    with get_session().stream("GET", file.url, headers=headers, timeout=TIMEOUT_S) as response:
        response.raise_for_status()
        is_resumed = response.status_code == HTTPStatus.PARTIAL_CONTENT
        done = offset if is_resumed else 0
        with partial.open("ab" if is_resumed else "wb") as target:
            pace = _Pace()
            for block in response.iter_raw():
                target.write(block)
                done += len(block)
                if done > file.size:
                    break  # what came is not the file: its checksum will tell
                report(done)
                pace.check(done - offset)
                _stop_if(cancelled)


class _Pace:
    """Notices a connection that brings something now and then, and will never come to an end."""

    def __init__(self) -> None:
        self._since_s = time.monotonic()
        self._n_bytes = 0

    def check(self, n_bytes: int) -> None:
        """Look at how much has come over the connection.

        Raises:
            httpx2.ReadTimeout: For a long time it was next to nothing.
        """
        now_s = time.monotonic()
        if n_bytes - self._n_bytes >= _LEAST:
            self._since_s, self._n_bytes = now_s, n_bytes
        elif now_s - self._since_s > _SLOWEST_S:
            raise httpx2.ReadTimeout("it sends next to nothing")


def verify(file: RemoteFile, partial: Path) -> None:
    """See that a file that came is the one that was asked for.

    Raises:
        DownloadError: It is not, and was thrown away.
    """
    if _checksum(partial, file) != file.etag:
        partial.unlink()
        raise DownloadError(
            f"{file.name} arrived damaged (its checksum is wrong) and was thrown away; try again"
        )


def _checksum(path: Path, file: RemoteFile) -> str:
    """Return the hub's checksum: SHA-256 of a large file, git's blob id of a small one."""
    if len(file.etag) == 64:
        with path.open("rb") as large:
            return hashlib.file_digest(large, "sha256").hexdigest()
    content = path.read_bytes()
    header = f"blob {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()
