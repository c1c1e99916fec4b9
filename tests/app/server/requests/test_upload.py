"""Forms: read as they come, kept where nobody else finds them, and let go when nothing comes."""

import asyncio
import errno
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from sotto.app.server.api_error import ApiError
from sotto.app.server.limits import Limits
from sotto.app.server.requests.upload import Form, read_form
from tests.helpers.small_disk import small

HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="/home/me/Talk.WAV"\r\n\r\n'
END = b"\r\n--b--\r\n"
MEGABYTE = 1_000_000


def request(*parts: bytes, ends: bool = True) -> Request:
    """Return a request whose body comes in parts; without an end, nothing comes after them."""

    async def bodies() -> AsyncIterator[dict[str, Any]]:
        for part in parts:
            yield {"type": "http.request", "body": part, "more_body": True}
        if not ends:
            await asyncio.sleep(1000)
        yield {"type": "http.request", "body": b"", "more_body": False}

    coming = bodies()
    headers = [(b"content-type", b"multipart/form-data; boundary=b")]
    return Request({"type": "http", "method": "POST", "headers": headers}, coming.__anext__)


def form_of(*parts: bytes, ends: bool = True, **limits: Any) -> Form:
    return asyncio.run(read_form(request(*parts, ends=ends), Limits(**limits)))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("size", [10, 3 * MEGABYTE])
def test_a_file_has_no_name(place: Path, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    sound = form_of(HEAD, content[:99], content[99:], END).sound()
    assert list(place.iterdir()) == []
    assert sound.path.read_bytes() == content
    assert sound.suffix == ".WAV"
    assert sound.path.stat().st_mode & 0o077 == 0
    path = sound.path
    sound.close()
    sound.close()
    assert not path.exists()


def test_a_client_that_stops_sending_is_let_go(place: Path) -> None:
    with pytest.raises(ApiError) as error:
        form_of(HEAD, b"the beginning", ends=False, idle_s=0.05)
    assert (error.value.status, error.value.code) == (408, "timeout")
    assert list(place.iterdir()) == []


def test_no_more_than_is_taken(place: Path) -> None:
    with pytest.raises(ApiError) as error:
        form_of(HEAD, *[bytes(MEGABYTE)] * 3, END, upload_bytes=2 * MEGABYTE)
    assert error.value.status == 413


def test_a_full_disk_is_said(place: Path) -> None:
    with small(place, "1m"), pytest.raises(ApiError, match="no room") as error:
        form_of(HEAD, *[bytes(MEGABYTE)] * 3, END)
    assert error.value.status == 507


def test_a_disk_that_fills_in_the_end_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = form_of(HEAD, b"sound", END)

    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", full)
    with pytest.raises(ApiError) as error:
        form.sound()
    assert error.value.status == 507
    asyncio.run(form.close())


def test_the_last_of_several_fields_counts(place: Path) -> None:
    field = b'--b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
    form = form_of(
        *(field % pair for pair in ((b"a", b"1"), (b"a", b"2"), (b"b", b""), (b"c", b"\xff"))),
        b"--b--\r\n",
    )
    assert form.text("a") == "2"
    assert form.texts("a") == ["1", "2"]
    assert form.text("b") is None
    assert form.text("c") is not None
    assert form.text("d") is None
