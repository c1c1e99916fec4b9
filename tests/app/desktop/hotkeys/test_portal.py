"""Hotkeys by the real desktop portal, in front of a backend that presses on command."""

import queue
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jeepney import DBusAddress, HeaderFields, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from sotto.app.desktop.hotkeys.chord import Chord
from sotto.app.desktop.hotkeys.portal import INTERFACE, PortalHotkeys, preferred_trigger
from sotto.app.desktop.portals.portal import PATH
from sotto.errors import HotkeyError
from tests.helpers.portal_backend import REFUSED, REMOTE_DESKTOP, Backend
from tests.helpers.portal_backend_bus import Desktop, portal_with_backend, session_bus
from tests.helpers.sway import wait_until

WAIT_S = 60
CHORD = Chord.parse("Ctrl+Alt+Space")

Heard = queue.Queue[tuple[str, bool]]


@pytest.fixture(scope="module")
def portal() -> Iterator[tuple[Desktop, Backend]]:
    with portal_with_backend() as both:
        yield both


@pytest.fixture
def desktop(portal: tuple[Desktop, Backend]) -> Desktop:
    return portal[0]


@pytest.fixture
def backend(portal: tuple[Desktop, Backend]) -> Backend:
    return portal[1]


@pytest.fixture
def heard() -> Heard:
    return queue.Queue()


@pytest.fixture
def lost() -> queue.Queue[str]:
    return queue.Queue()


@pytest.fixture
def hotkeys(
    portal: tuple[Desktop, Backend], heard: Heard, lost: queue.Queue[str]
) -> Iterator[PortalHotkeys]:
    opened = PortalHotkeys(lambda name, is_down: heard.put((name, is_down)), lost.put)
    yield opened
    opened.close()


def test_another_program_cannot_speak_in_the_name_of_the_portal(
    hotkeys: PortalHotkeys, backend: Backend, heard: Heard
) -> None:
    hotkeys.bind("dictate", CHORD)
    shortcut = hotkeys._shortcuts["dictate"]
    body = shortcut._session, [("dictate", {"trigger_description": ("s", "Press nothing")})]
    emitter = DBusAddress(PATH, interface=INTERFACE)
    forged = new_signal(emitter, "ShortcutsChanged", "oa(sa{sv})", body)
    forged.header.fields[HeaderFields.destination] = shortcut._portal._connection.unique_name
    with open_dbus_connection() as stranger:
        stranger.send(forged)
        stranger.send_and_get_reply(message_bus.GetId())  # the bus has passed it on by now
    backend.press("dictate", is_down=True)
    assert heard.get(timeout=WAIT_S) == ("dictate", True)
    assert hotkeys.trigger_description("dictate") == "Press Ctrl+Alt+Space"


def test_a_press_and_a_release_are_heard(
    hotkeys: PortalHotkeys, backend: Backend, heard: Heard
) -> None:
    hotkeys.bind("dictate", CHORD)
    backend.press("dictate", is_down=True)
    assert heard.get(timeout=WAIT_S) == ("dictate", True)
    backend.press("dictate", is_down=False)
    assert heard.get(timeout=WAIT_S) == ("dictate", False)


def test_the_desktop_is_asked_in_its_notation_and_answers_in_words(
    hotkeys: PortalHotkeys, backend: Backend
) -> None:
    hotkeys.bind("dictate", CHORD)
    assert backend.wishes["dictate"] == {
        "description": "Dictate into the program in use",
        "preferred_trigger": "CTRL+ALT+space",
    }
    assert hotkeys.trigger_description("dictate") == "Press Ctrl+Alt+Space"
    assert hotkeys.trigger_description("cancel") == ""


def test_another_key_chosen_in_the_desktops_settings_is_told(
    hotkeys: PortalHotkeys, backend: Backend
) -> None:
    hotkeys.bind("dictate", CHORD)
    backend.change("dictate", "Press F9")
    wait_until(lambda: hotkeys.trigger_description("dictate") == "Press F9", "not told")


def test_a_key_that_repeats_while_it_is_held_is_heard_once(
    hotkeys: PortalHotkeys, backend: Backend, heard: Heard
) -> None:
    hotkeys.bind("dictate", CHORD)
    for _ in range(3):
        backend.press("dictate", is_down=True)
    backend.press("dictate", is_down=False)
    assert [heard.get(timeout=WAIT_S) for _ in range(2)] == [("dictate", True), ("dictate", False)]


def test_two_hotkeys_are_told_apart_and_one_can_go(
    hotkeys: PortalHotkeys, backend: Backend, heard: Heard
) -> None:
    hotkeys.bind("dictate", CHORD)
    hotkeys.bind("cancel", Chord.parse("Escape"))
    backend.press("cancel", is_down=True)
    assert heard.get(timeout=WAIT_S) == ("cancel", True)
    hotkeys.unbind("cancel")
    assert heard.get(timeout=WAIT_S) == ("cancel", False)
    backend.press("dictate", is_down=True, session=-2)
    assert heard.get(timeout=WAIT_S) == ("dictate", True)


def test_a_held_key_that_the_user_withdraws_is_released_and_that_is_told(
    hotkeys: PortalHotkeys, backend: Backend, heard: Heard, lost: queue.Queue[str]
) -> None:
    hotkeys.bind("dictate", CHORD)
    backend.press("dictate", is_down=True)
    assert heard.get(timeout=WAIT_S) == ("dictate", True)
    backend.close_session()
    assert heard.get(timeout=WAIT_S) == ("dictate", False)
    message = lost.get(timeout=WAIT_S)
    assert message.startswith("The desktop gives no hotkey: it was taken back; ")
    hotkeys.unbind("dictate")
    hotkeys.bind("dictate", CHORD)
    assert lost.empty(), "what Sotto gives back is not lost"


def test_a_hotkey_outlives_a_restart_of_the_portal(
    hotkeys: PortalHotkeys, desktop: Desktop, backend: Backend, heard: Heard
) -> None:
    hotkeys.bind("dictate", CHORD)
    n_sessions = len(backend.sessions)
    desktop.stop_portal()
    desktop.start_portal()
    wait_until(lambda: len(backend.sessions) > n_sessions, "the hotkey was not bound again")

    def press_and_release() -> bool:
        backend.press("dictate", is_down=True)
        backend.press("dictate", is_down=False)
        return not heard.empty()

    wait_until(press_and_release, "the hotkey is dead")


def test_a_refusal_names_the_way_out(hotkeys: PortalHotkeys, backend: Backend) -> None:
    backend.answer = REFUSED
    try:
        with pytest.raises(HotkeyError, match=r"told no; .*sotto record toggle"):
            hotkeys.bind("dictate", CHORD)
    finally:
        backend.answer = 0


def test_no_session_bus_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(HotkeyError, match=r"no session bus; .*sotto record toggle"):
        PortalHotkeys(print)


def test_no_portal_is_said() -> None:
    with session_bus(), pytest.raises(HotkeyError, match=r"no portal runs; .*toggle"):
        PortalHotkeys(print)


def test_a_desktop_without_global_shortcuts_is_said() -> None:
    with (
        portal_with_backend((REMOTE_DESKTOP,)),
        pytest.raises(HotkeyError, match=r"does not offer global shortcuts; .*toggle"),
    ):
        PortalHotkeys(print)


@given(st.permutations(["Ctrl", "Alt", "Shift", "Super"]), st.sampled_from(["F9", "Page Up"]))
def test_the_order_of_modifiers_is_the_specifications(held: list[str], key: str) -> None:
    trigger = preferred_trigger(Chord.parse("+".join([*held, key])))
    assert trigger == "CTRL+ALT+SHIFT+LOGO+" + {"F9": "F9", "Page Up": "Prior"}[key]
