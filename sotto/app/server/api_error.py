"""Errors as OpenAI's API tells them: `{"error": {"message", "type", "param", "code"}}`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Self

from starlette.responses import JSONResponse

from sotto.errors import AudioFileError, InternalError, SottoError

RETRY_S = 5  # about what a short file takes, so that a place may be free by then


class ApiError(Exception):
    """A request that cannot be answered; the message says what is wrong and what to do."""

    def __init__(
        self,
        status: HTTPStatus,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.headers = headers

    @classmethod
    def bad(cls, message: str, param: str | None = None, code: str | None = None) -> Self:
        """What was asked for makes no sense."""
        return cls(HTTPStatus.BAD_REQUEST, message, param=param, code=code)

    @classmethod
    def busy(cls, message: str) -> Self:
        """There is no place free; clients try again by themselves."""
        headers = {"Retry-After": str(RETRY_S)}
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return cls(status, message, code="server_overloaded", headers=headers)

    @classmethod
    def of(cls, error: SottoError) -> Self:
        """What a recording or a model refused."""
        if isinstance(error, InternalError):
            return cls(HTTPStatus.INTERNAL_SERVER_ERROR, str(error), code="internal_error")
        if isinstance(error, AudioFileError):
            return cls.bad(_sentence(str(error)), "file", "invalid_audio")
        return cls.bad(_sentence(str(error)))

    @property
    def body(self) -> dict[str, Any]:
        """What the client reads."""
        is_clients = self.status < HTTPStatus.INTERNAL_SERVER_ERROR
        kind = "invalid_request_error" if is_clients else "server_error"
        fields = {"message": self.message, "type": kind, "param": self.param, "code": self.code}
        return {"error": fields}

    @property
    def response(self) -> JSONResponse:
        """The answer."""
        return JSONResponse(self.body, self.status, self.headers)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
