"""Keys by the real desktop portal, in front of a backend that keeps what it is told to press."""

import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.app.desktop.insertion.on_wayland import portal_keyboard
from sotto.app.desktop.insertion.on_wayland.portal_keyboard import PortalKeyboard, keysym
from sotto.app.desktop.portals.portal import Options, PortalError
from sotto.app.desktop.wayland.virtual_keyboard import Key
from tests.helpers.portal_backend import GRANTED, REFUSED, Backend
from tests.helpers.portal_backend_bus import portal_with_backend

WAIT_S = 60
LATIN_1 = 0x100
UNICODE = 0x1000000


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    with portal_with_backend() as (_, backend):
        yield backend


def pressed(backend: Backend, n_keys: int) -> list[tuple[int, bool]]:
    return [backend.keysyms.get(timeout=WAIT_S) for _ in range(n_keys)]


def test_text_becomes_keysyms(backend: Backend, tmp_path: Path) -> None:
    with closing(PortalKeyboard(tmp_path / "token")) as keyboard:
        for stroke in keyboard.strokes("é你\n"):
            stroke()
    expected = [0xE9, UNICODE + ord("你"), 0xFF0D]
    assert pressed(backend, 6) == [(number, down) for number in expected for down in (True, False)]


def test_modifiers_are_held_around_keys(backend: Backend, tmp_path: Path) -> None:
    with closing(PortalKeyboard(tmp_path / "token")) as keyboard:
        keyboard.press(Key.V, Key.CTRL, Key.SHIFT)
    ctrl, shift, v = Key.CTRL.keysym, Key.SHIFT.keysym, Key.V.keysym
    expected = [(ctrl, True), (shift, True), (v, True), (v, False), (shift, False), (ctrl, False)]
    assert pressed(backend, 6) == expected


class RememberingPortal:
    """A portal of version 2, as later releases bring it: it gives a token for the next session."""

    def __init__(self, *_: str) -> None:
        self.n_tokens = 0
        self.given: list[object] = []

    def __call__(self, *_: str) -> "RememberingPortal":
        return self

    def create_session(self) -> str:
        return "/session"

    def request(self, method: str, *_: str, options: Options | None = None) -> dict[str, object]:
        if method == "SelectDevices":
            self.given.append((options or {}).get("restore_token"))
            return {}
        self.n_tokens += 1
        return {"devices": 1, "restore_token": f"token {self.n_tokens}"}

    def close(self) -> None:
        pass


def test_the_token_of_a_session_opens_the_next(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    portal = RememberingPortal()
    monkeypatch.setattr(portal_keyboard, "Portal", portal)
    token = tmp_path / "kept" / "token"
    for _ in range(3):
        PortalKeyboard(token).close()
    assert portal.given == [None, ("s", "token 1"), ("s", "token 2")]
    assert stat.S_IMODE(token.stat().st_mode) == 0o600


def test_a_refusal_is_said(backend: Backend, tmp_path: Path) -> None:
    backend.answer = REFUSED
    try:
        with pytest.raises(PortalError, match="it was told no"):
            PortalKeyboard(tmp_path / "token")
    finally:
        backend.answer = GRANTED
    assert not (tmp_path / "token").exists()


@given(st.characters(exclude_categories=["Cc", "Cs"]))
def test_a_keysym_gives_its_character_back(letter: str) -> None:
    number = keysym(letter)
    assert chr(number if number < LATIN_1 else number - UNICODE) == letter
