"""A request's form: its fields, and its file on disk, where nobody else can open it.

The file has no name: it is gone when it is closed, or when the server ends, however it ends.
"""

import asyncio
import errno
import os
import re
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from sotto.app.server.api_error import ApiError
from sotto.app.server.limits import Limits

MAX_FIELDS = 50  # the API has a dozen
MAX_FIELD_BYTES = 64 * 1024  # a prompt; of a longer one the model would hear nothing
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SoundFile:
    """An uploaded recording, to be closed by whoever is done with it.

    `suffix` is that of its name at the client's, if it looks like one; the name is not kept.
    """

    file: IO[bytes]
    suffix: str

    @property
    def path(self) -> Path:
        """Where this process finds it."""
        return Path(f"/proc/self/fd/{self.file.fileno()}")

    @property
    def n_bytes(self) -> int:
        """How much it is."""
        return os.fstat(self.file.fileno()).st_size

    def close(self) -> None:
        """Remove it. Idempotent."""
        self.file.close()


class Form:
    """What was sent. Owned by asyncio's thread."""

    def __init__(self, data: FormData) -> None:
        self._data = data

    def text(self, name: str) -> str | None:
        """Return a field, None if it is not there or empty; the last one counts.

        Raises:
            ApiError: It is a file.
        """
        values = self.texts(name)
        return values[-1] if values else None

    def texts(self, name: str) -> list[str]:
        """Return all fields of a name; errors as `text`."""
        values = self._data.getlist(name)
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) < len(values):
            raise ApiError.bad(f"“{name}” must be text, not a file", name)
        return [text for text in texts if text]

    def sound(self) -> SoundFile:
        """Return the file, which the caller closes.

        Raises:
            ApiError: There is none.
        """
        upload = self._data.get("file")
        if not isinstance(upload, UploadFile):
            raise ApiError.bad(
                "There is no file: send a recording as the form's field “file”, to its end", "file"
            )
        suffix = PurePosixPath(upload.filename or "").suffix
        # Rolled over to disk, it has a descriptor, by which the decoder gets it.
        spooled = cast("SpooledTemporaryFile[bytes]", upload.file)
        try:
            spooled.rollover()
        except OSError as error:
            raise _unwritten(error) from error
        file = cast("IO[bytes]", spooled)
        return SoundFile(file, suffix if _SUFFIX.fullmatch(suffix) else "")

    async def close(self) -> None:
        """Remove its files."""
        await self._data.close()


async def read_form(request: Request, limits: Limits) -> Form:
    """Read a request's body to its end.

    Raises:
        ApiError: It is no form, too long, too slow, or the disk is full.
        ClientDisconnect: Who sent it has gone.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise ApiError.bad("The request must be multipart/form-data with a field “file”")
    _check_length(request, limits)
    parser = MultiPartParser(
        request.headers,
        _bounded(request, limits),
        max_files=1,
        max_fields=MAX_FIELDS,
        max_part_size=MAX_FIELD_BYTES,
    )
    try:
        return Form(await parser.parse())
    except (MultiPartException, FormParserError, UnicodeError, ValueError) as error:
        raise ApiError.bad(f"The form cannot be read ({_why(error)}); send it again") from error
    except OSError as error:
        raise _unwritten(error) from error


def _check_length(request: Request, limits: Limits) -> None:
    with suppress(ValueError):  # of a length that is no number the HTTP layer knows the end
        if int(request.headers.get("content-length", "0")) > limits.upload_bytes:
            raise _too_long(limits)


async def _bounded(request: Request, limits: Limits) -> AsyncGenerator[bytes, None]:
    """Yield the body, as far as it may go and as long as it keeps coming."""
    n_bytes = 0
    chunks = request.stream()
    while True:
        try:
            async with asyncio.timeout(limits.idle_s):
                chunk = await anext(chunks, None)
        except TimeoutError as error:
            raise ApiError(
                HTTPStatus.REQUEST_TIMEOUT,
                f"Nothing came for {limits.idle_s:.0f} s; send the file again",
                code="timeout",
            ) from error
        if chunk is None:
            return
        n_bytes += len(chunk)
        if n_bytes > limits.upload_bytes:
            raise _too_long(limits)
        yield chunk


def _too_long(limits: Limits) -> ApiError:
    return ApiError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The file is larger than {limits.upload_bytes / 1e6:.0f} MB, the most that this server "
        "takes; compress it, or cut it into parts",
        param="file",
        code="file_too_large",
    )


def _unwritten(error: OSError) -> ApiError:
    is_full = error.errno in _FULL
    status = HTTPStatus.INSUFFICIENT_STORAGE if is_full else HTTPStatus.INTERNAL_SERVER_ERROR
    why = "there is no room" if is_full else (error.strerror or type(error).__name__).lower()
    return ApiError(status, f"The server cannot keep the file ({why})", code="storage")


def _why(error: Exception) -> str:
    message = getattr(error, "message", "") or type(error).__name__
    return str(message).rstrip(".").lower()
