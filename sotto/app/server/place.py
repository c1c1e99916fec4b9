"""Where the server listens, and who may ask: what it was told, checked."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sotto.app.server.requests.access import ANY_ORIGIN, Access, is_loopback, own_names
from sotto.errors import UsageError

TOKEN_VARIABLE = "SOTTO_SERVER_TOKEN"  # noqa: S105 (the name of one)
MOST_READ = 4096  # characters; a device has no end
LEAST_TOKEN = 16  # characters; fewer can be guessed
_TOKEN = re.compile(r"[A-Za-z0-9._~-]+")  # what headers and subprotocols take alike
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server listens, and who may ask."""

    host: str
    port: int
    access: Access


def place(
    host: str, port: int, token: str, hosts: tuple[str, ...], origins: tuple[str, ...]
) -> Place:
    """Return where to listen.

    Raises:
        UsageError: It would be open to others, or something cannot be used.
    """
    _check_token(token, host, origins)
    for origin in origins:
        if origin != ANY_ORIGIN and not _ORIGIN.fullmatch(origin):
            raise UsageError(f"--allow-origin takes one such as https://example.org, not {origin}")
    names = (*own_names(host), *(name.lower() for name in hosts))
    return Place(host, port, Access(token, names, origins))


def chosen_token(
    token: str | None, file: Path | None, environment: Mapping[str, str] = os.environ
) -> str:
    """Return the token that was given, empty if none was: itself, in a file, or as a variable.

    Raises:
        UsageError: The file cannot be read.
    """
    if token is not None:
        return token
    if file is None:
        return environment.get(TOKEN_VARIABLE, "")
    try:
        with file.open(encoding="ascii") as stream:
            read = stream.read(MOST_READ).strip()
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "it is not plain text"
        raise UsageError(f"--token-file {file} cannot be read ({why.lower()})") from error
    if not read:
        raise UsageError(f"--token-file {file} is empty; write a token into it")
    return read


def _check_token(token: str, host: str, origins: tuple[str, ...]) -> None:
    if token and (len(token) < LEAST_TOKEN or not _TOKEN.fullmatch(token)):
        raise UsageError(
            f"a token needs at least {LEAST_TOKEN} characters, letters, digits and ._~- alone; "
            "make one: python3 -c 'import secrets; print(secrets.token_urlsafe(24))'"
        )
    if not token and not is_loopback(host):
        raise UsageError(
            f"on {host} others could use it: give --token-file FILE, or {TOKEN_VARIABLE}"
        )
    if not token and ANY_ORIGIN in origins:
        raise UsageError(
            "with --allow-origin '*' every page of the web could use it: name pages, or give "
            f"--token-file FILE or {TOKEN_VARIABLE}"
        )
