"""Where the server listens, and the token."""

from pathlib import Path

import pytest

from sotto.app.server.place import TOKEN_VARIABLE, chosen_token, place
from sotto.app.server.serving import bind
from sotto.errors import UsageError

TOKEN = "a-token-that-nobody-guesses"  # noqa: S105 (of tests)
EVERYWHERE = "0.0.0.0"  # noqa: S104


@pytest.mark.parametrize(
    ("host", "token", "origin", "words"),
    [
        (EVERYWHERE, "", "https://a.example", "others could use it"),
        ("::", "", "https://a.example", "others could use it"),
        ("desk.example", "", "https://a.example", "others could use it"),
        ("localhost", "short", "https://a.example", "at least 16 characters"),
        ("localhost", "sixteen characters and blanks", "https://a.example", "16 characters"),
        ("localhost", "", "*", "every page of the web"),
        ("localhost", TOKEN, "a.example", "https://example.org"),
        ("localhost", TOKEN, "https://a.example/page", "https://example.org"),
    ],
)
def test_what_is_refused(host: str, token: str, origin: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        place(host, 8642, token, (), (origin,))


def test_with_a_token_it_may_be_open() -> None:
    where = place(EVERYWHERE, 8642, TOKEN, ("Desk.Example",), ("*",))
    assert where.access.token == TOKEN
    assert "desk.example" in where.access.hosts
    assert place("localhost", 8642, "", (), ()).access.token == ""


def test_where_a_token_comes_from(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    variable = {TOKEN_VARIABLE: "of-the-environment"}
    assert chosen_token(None, None, {}) == ""
    assert chosen_token(None, None, variable) == "of-the-environment"
    assert chosen_token(None, file, variable) == TOKEN
    assert chosen_token("given", None, variable) == "given"
    file.write_bytes(b"\xff")
    for unreadable in (file, tmp_path, tmp_path / "none"):
        with pytest.raises(UsageError, match="cannot be read"):
            chosen_token(None, unreadable, {})


def test_where_nothing_can_listen() -> None:
    for host in ("no.such.host.invalid", "192.0.2.1"):  # RFC 2606, RFC 5737
        with pytest.raises(UsageError, match="another --port or --host"):
            bind(host, 0)
