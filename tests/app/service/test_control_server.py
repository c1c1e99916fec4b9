import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from sotto.app.core import control
from sotto.app.core.control import Request
from sotto.app.service import control_server
from sotto.app.service.background import Background
from sotto.app.service.control_server import ControlServer
from sotto.errors import ControlError, SottoError, UsageError


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a short name, as a socket's must be."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


class Asked:
    """What was asked, and what is answered."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.refusal: SottoError | None = None

    def __call__(self, request: Request) -> dict[str, Any]:
        self.requests.append(request)
        if self.refusal is not None:
            raise self.refusal
        return {"state": "idle"}


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def server(qtbot: QtBot, asked: Asked) -> Iterator[ControlServer]:
    server = ControlServer(asked)
    assert server.start()
    yield server
    server.close()


def sotto(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "sotto", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(qtbot: QtBot, process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=60_000)
    out, errors = process.communicate()
    return process.returncode, out, errors


@pytest.mark.parametrize("action", ["start", "stop", "toggle", "cancel", "undo", "status"])
def test_the_command_asks_and_tells_the_state(
    qtbot: QtBot, server: ControlServer, asked: Asked, action: str
) -> None:
    assert ended(qtbot, sotto("record", action)) == (0, "idle\n", "")
    assert asked.requests == [Request(action)]


def test_a_refusal_is_one_line(qtbot: QtBot, server: ControlServer, asked: Asked) -> None:
    asked.refusal = UsageError("there is no microphone; plug one in")
    expected = (2, "", "sotto: there is no microphone; plug one in\n")
    assert ended(qtbot, sotto("record", "start")) == expected


def test_without_a_running_sotto_the_command_says_how_to_start_it(qtbot: QtBot) -> None:
    expected = (2, "", "sotto: Sotto is not running; start it with: sotto\n")
    assert ended(qtbot, sotto("record", "toggle")) == expected


def test_a_follower_gets_every_line_until_the_end(
    qtbot: QtBot, server: ControlServer, asked: Asked
) -> None:
    follower = sotto("record", "status", "--follow")
    qtbot.waitUntil(lambda: asked.requests == [Request.FOLLOW], timeout=60_000)
    lines = [json.dumps({"event": "final", "text": f"é {number}"}) for number in range(1000)]
    for line in lines:
        server.tell(line)
    server.close()
    code, out, errors = ended(qtbot, follower)
    assert (code, errors) == (0, "")
    assert [json.loads(line) for line in out.splitlines()] == [
        {"state": "idle"},
        *(json.loads(line) for line in lines),
    ]


def test_there_is_only_one_instance(server: ControlServer, asked: Asked) -> None:
    assert not ControlServer(asked).start()


def ask_at_once(qtbot: QtBot, n_clients: int) -> list[dict[str, Any]]:
    """Ask from so many threads at once; return the answers, errors included."""
    with ThreadPoolExecutor(n_clients) as pool:
        asking = [pool.submit(_answer) for _ in range(n_clients)]
        qtbot.waitUntil(lambda: all(each.done() for each in asking), timeout=60_000)
        return [each.result() for each in asking]


def _answer() -> dict[str, Any]:
    try:
        return control.ask(Request.STATUS)
    except ControlError as error:
        return {"error": str(error)}


def test_twenty_who_ask_at_once_are_all_answered(
    qtbot: QtBot, server: ControlServer, asked: Asked
) -> None:
    assert ask_at_once(qtbot, 20) == [{"state": "idle"}] * 20
    assert asked.requests == [Request.STATUS] * 20


def test_twenty_who_connect_and_say_nothing_keep_nobody_waiting(
    qtbot: QtBot, server: ControlServer
) -> None:
    with ExitStack() as stack:
        for _ in range(20):
            silent = stack.enter_context(socket.socket(socket.AF_UNIX))
            silent.connect(str(control.socket_path()))
        assert ask_at_once(qtbot, 20) == [{"state": "idle"}] * 20


def test_each_user_has_an_instance_of_their_own(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as stack:
        for user in ("anna", "bert"):
            (tmp_path / user).mkdir(mode=0o700)
            monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / user))
            theirs = ControlServer(lambda _, user=user: {"state": user})  # type: ignore[misc]
            assert theirs.start()
            stack.callback(theirs.close)
        for user in ("anna", "bert"):
            monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / user))
            assert ask_at_once(qtbot, 1) == [{"state": user}]


def test_the_second_of_two_sessions_says_so(
    qtbot: QtBot, server: ControlServer, asked: Asked
) -> None:
    code, _, errors = ended(qtbot, sotto())
    assert (code, errors.splitlines()[-1:]) == (
        0,
        ["Sotto runs already; its window is shown on the desktop where it runs."],
    )
    assert asked.requests == [Request.SHOW]


_CRASHING = """
import os, signal
from PySide6.QtCore import QCoreApplication
from sotto.app.service.control_server import ControlServer
app = QCoreApplication([])
server = ControlServer(lambda _: {})
assert server.start()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_crashed_instance_does_not_keep_the_next_from_starting(
    qtbot: QtBot, asked: Asked
) -> None:
    crashed = subprocess.run([sys.executable, "-c", _CRASHING], check=False)
    assert crashed.returncode == -signal.SIGKILL
    with pytest.raises(ControlError, match="not running"):
        control.ask(Request.STATUS)
    server = ControlServer(asked)
    assert server.start()
    assert ended(qtbot, sotto("record", "status"))[:2] == (0, "idle\n")
    server.close()


def test_socket_and_folder_are_the_users_alone(server: ControlServer, runtime: Path) -> None:
    path = control.socket_path()
    assert path.is_relative_to(runtime)
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def taken_by_others(runtime: Path) -> None:
    (runtime / "sotto").mkdir()
    (runtime / "sotto").chmod(0o755)


def taken_by_a_file(runtime: Path) -> None:
    (runtime / "sotto").touch()


def a_link_to_elsewhere(runtime: Path) -> None:
    (runtime / "elsewhere").mkdir(mode=0o700)
    (runtime / "sotto").symlink_to(runtime / "elsewhere")


@pytest.mark.parametrize("take", [taken_by_others, taken_by_a_file, a_link_to_elsewhere])
def test_a_folder_that_is_not_ones_own_is_done_without(
    runtime: Path, take: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    take(runtime)
    monkeypatch.setenv("XDG_STATE_HOME", str(runtime / "state"))
    path = control.socket_path()
    assert path == runtime / "state" / "sotto" / "run" / "control"
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("runtime_dir", ["/dev/null", "/nonexistent", "", "x" * 5000, "\n"])
def test_a_runtime_folder_that_is_none_is_done_without(
    runtime: Path, runtime_dir: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", runtime_dir)
    monkeypatch.setenv("XDG_STATE_HOME", str(runtime / "state"))
    assert control.socket_path() == runtime / "state" / "sotto" / "run" / "control"


def test_in_the_folder_of_somebody_else_nothing_is_left(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12345)  # as with `sudo -E`
    monkeypatch.setenv("XDG_STATE_HOME", str(runtime / "state"))
    with pytest.raises(ControlError, match="yours alone"):
        control.socket_path()
    assert not list(runtime.iterdir())


def test_who_is_connected_and_says_nothing_is_let_go(
    qtbot: QtBot, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_server, "_CONNECTED_MS", 1)
    server = ControlServer(asked)
    assert server.start()
    with control._connected() as silent:
        silent.setblocking(False)
        qtbot.waitUntil(lambda: is_let_go(silent), timeout=60_000)
    server.close()


def test_no_more_are_let_in_than_can_be_of_use(
    qtbot: QtBot, server: ControlServer, asked: Asked
) -> None:
    connections: list[socket.socket] = []
    for _ in range(control_server._MOST_CONNECTIONS + 1):
        connections.append(control._connected())
        connections[-1].setblocking(False)
        QCoreApplication.processEvents()  # the system keeps only some waiting at the door
    *_, last = connections
    qtbot.waitUntil(lambda: is_let_go(last), timeout=60_000)
    assert not any(map(is_let_go, connections[:-1]))
    for connection in connections:
        connection.close()
    qtbot.waitUntil(lambda: not server._connections, timeout=60_000)
    assert ended(qtbot, sotto("record", "status"))[0] == 0


ENDING = """
import gc
from PySide6.QtCore import QCoreApplication
from sotto.app.core import control
from sotto.app.service.control_server import ControlServer
application = QCoreApplication([])
for _ in range(5):
    server = ControlServer(lambda request: {"state": "idle"})
    assert server.start()
    clients = []
    for number in range(20):
        clients.append(control._connected())
        application.processEvents()
    server.close()
    del server
    gc.collect()
    for _ in range(5):
        application.processEvents()
"""


def test_it_ends_well_while_others_are_connected() -> None:
    ended = subprocess.run([sys.executable, "-c", ENDING], check=False, capture_output=True)
    assert (ended.returncode, ended.stderr) == (0, b"")


def is_let_go(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def test_who_follows_twice_is_told_once(qtbot: QtBot, server: ControlServer) -> None:
    with control._connected() as follower:
        follower.sendall(b'{"do": "follow"}\n' * 2)
        follower.setblocking(False)
        qtbot.waitUntil(lambda: len(server._followers) == 1, timeout=60_000)
        server.tell("{}")
        received = bytearray()

        def read() -> bool:
            with suppress(BlockingIOError):
                received.extend(follower.recv(1000))
            return received.endswith(b"{}\n")

        qtbot.waitUntil(read, timeout=60_000)
        assert received.count(b"{}\n") == 1


@pytest.mark.parametrize(
    "line", [b"\xff\n", b"[" * 900 + b"\n", b"[]\n", b"{}\n", b'{"do": "fly"}\n', b"x" * 30_000]
)
def test_nonsense_is_refused_and_harms_nobody(
    qtbot: QtBot, server: ControlServer, asked: Asked, line: bytes
) -> None:
    answers: list[bytes] = []

    def send() -> bytes:
        with control._connected() as connection:  # the socket itself, to write nonsense on
            try:
                connection.sendall(line)
                return connection.recv(4096)
            except ConnectionError:
                return b""

    background = Background("test-nonsense")
    background.run(send, answers.append, lambda error: pytest.fail(str(error)))
    qtbot.waitUntil(lambda: len(answers) == 1, timeout=60_000)
    assert answers[0] == b"" or "error" in json.loads(answers[0])
    assert asked.requests == []
    assert ended(qtbot, sotto("record", "status"))[0] == 0


def test_a_file_is_opened_whatever_its_name(
    qtbot: QtBot, server: ControlServer, asked: Asked
) -> None:
    file = Path("/") / ('ä\n"' * 900) / "talk.mp3"
    opened: list[tuple[Path, ...]] = []
    server.open_requested.connect(opened.append)
    answers: list[dict[str, Any]] = []
    background = Background("test-open")
    background.run(
        lambda: control.ask(Request.OPEN, file),
        answers.append,
        lambda error: pytest.fail(str(error)),
    )
    qtbot.waitUntil(lambda: len(answers) == 1, timeout=60_000)
    assert opened == [(file,)]
    assert asked.requests == [Request.OPEN]
