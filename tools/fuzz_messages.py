"""Send the control socket, and all that listens to a D-Bus, nonsense.

    python -m tools.fuzz_messages --messages 2000 --seed 1

Whatever comes, the running Sotto goes on answering, and who asks a desktop is told no, or something
in one line; any other exception, in any thread, is a fault. Messages are random by their seed.
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from struct import pack

from sotto.app.core.printable import printable
from sotto.app.desktop.hotkeys.chord import Chord
from sotto.app.desktop.hotkeys.portal import PortalHotkeys
from sotto.app.desktop.insertion.on_wayland.portal_keyboard import PortalKeyboard
from sotto.app.desktop.insertion.secrecy import is_secret
from sotto.errors import SottoError
from tools.fixtures.hostile_bus import HostileServices, hostile_services
from tools.fixtures.session_bus import session_bus

ANSWERS_WITHIN_S = 20.0
MOST_OPEN = 40  # slow clients at once, fewer than the server lets in
_NOBODY = 65534
_SERVER = """
import sys
from PySide6.QtCore import QCoreApplication
from sotto.app.service.control_server import ControlServer
application = QCoreApplication([])
server = ControlServer(lambda request: {"state": "idle"})
assert server.start()
print("ready", flush=True)
application.exec()
"""
LINES = (
    b"\n", b"\0\n", b"\xff\xfe\n", b"{}\n", b"[]\n", b"null\n", b"3\n", b'"status"\n', b'{"do"\n',
    b'{"do": null}\n', b'{"do": []}\n', b'{"do": {"do": "status"}}\n', b'{"do": "fly"}\n',
    b'{"do": "follow"}\n', b'{"do": "follow"}\n{"do": "follow"}\n{"do": "status"}\n',
    b"[" * 990 + b"\n", b'{"do":' * 160 + b"\n", b"1" * 990 + b"\n", b"x" * 100_000,
    b"x" * 100_000 + b"\n", b'{"do": "status"', b'{"do": "\\ud800"}\n', b'{"do": "status"}\n' * 500,
    b"\r\n\r\nGET / HTTP/1.1\r\n\r\n", b'{"do": NaN}\n', b'{"do": 1e999}\n',
)  # fmt: skip


def main() -> None:
    """Run and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    for messages in (control_messages, bus_messages):
        ends = messages(arguments.messages // 2, chance)
        sys.stdout.write(f"{messages.__name__}: {json.dumps(ends)}\n")


# The control socket -----------------------------------------------------------------------


@contextmanager
def control_server() -> Iterator[tuple[Path, Path]]:
    """Run a Sotto's control socket in a process of its own; yield it, and what it complains."""
    with tempfile.TemporaryDirectory(prefix="sotto-") as folder:
        complaints = Path(folder) / "complaints"
        environ = {**os.environ, "XDG_RUNTIME_DIR": folder, "QT_QPA_PLATFORM": "offscreen"}
        with (
            complaints.open("wb") as err,
            subprocess.Popen(
                [sys.executable, "-c", _SERVER], env=environ, stdout=subprocess.PIPE, stderr=err
            ) as process,
        ):
            try:
                assert process.stdout is not None
                process.stdout.readline()
                yield Path(folder) / "sotto" / "control", complaints
            finally:
                process.kill()


def control_messages(count: int, chance: random.Random) -> Counter[str]:
    """Send nonsense, and ask something sensible after each; return how it ended."""
    ends: Counter[str] = Counter()
    with control_server() as (path, complaints):
        open_ones: list[socket.socket] = []
        for _ in range(count):
            _send(path, chance, open_ones)
            while len(open_ones) > MOST_OPEN:
                open_ones.pop(0).close()
            ends["answered" if is_answering(path) else "deaf"] += 1
        for each in open_ones:
            each.close()
        ends["tracebacks"] = complaints.read_text().count("Traceback")
        ends[f"another user: {met_by_another_user(path)}"] += 1
    return ends


def _send(path: Path, chance: random.Random, open_ones: list[socket.socket]) -> None:
    connection = _connect(path)
    line = chance.choice((*LINES, chance.randbytes(chance.randrange(2000))))
    with suppress(OSError):  # it has been let go already
        connection.setblocking(False)
        connection.send(line)
    how = chance.choice(("close", "reset", "leave"))
    if how == "leave":
        open_ones.append(connection)
        return
    if how == "reset":
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, pack("ii", 1, 0))
    connection.close()


def is_answering(path: Path) -> bool:
    """Ask for the state, as `sotto record status` does."""
    with closing(_connect(path)) as connection:
        try:
            connection.sendall(b'{"do": "status"}\n')
            return connection.recv(100) == b'{"state": "idle"}\n'
        except OSError:
            return False


def met_by_another_user(path: Path) -> str:
    """Return how another user fares once the folder is open to all."""
    if os.geteuid() != 0:
        return "not tried, for that takes root"
    for each in (path, path.parent, path.parent.parent):
        each.chmod(0o777)
    process = os.fork()
    if process == 0:
        code = 0
        try:
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
            code = 1 if is_answering(path) else 2
        finally:
            os._exit(code)
    ends = {1: "answered", 2: "refused"}
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return ends.get(code, "did not get to the socket")


def _connect(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(ANSWERS_WITHIN_S)
    connection.connect(str(path))
    return connection


# D-Bus ------------------------------------------------------------------------------------


def bus_messages(count: int, chance: random.Random) -> Counter[str]:
    """Use a desktop that answers nonsense until it has sent so many messages."""
    ends: Counter[str] = Counter()
    before = threading.excepthook
    threading.excepthook = lambda what: ends.update([f"fault: {what.exc_value!r}"])
    try:
        with session_bus() as address, hostile_services(address, chance) as services:
            for name in ("SESSION", "SYSTEM"):
                os.environ[f"DBUS_{name}_BUS_ADDRESS"] = address
            while services.n_sent < count:
                ends[_use(chance.choice((_hotkey, _keyboard, _secrecy)), services)] += 1
            ends["messages"] = services.n_sent
    finally:
        threading.excepthook = before
    return ends


def _use(what: Callable[[HostileServices], None], services: HostileServices) -> str:
    try:
        what(services)
    except SottoError as error:
        line = str(error)
        return "told in a line" if line == printable(line) else f"fault: {line!r}"
    except Exception as error:  # noqa: BLE001 (what is looked for)
        return f"fault: {error!r}"
    return "used"


def _hotkey(_services: HostileServices) -> None:
    heard: list[tuple[str, bool]] = []
    hotkeys = PortalHotkeys(lambda *what: heard.append(what), lambda _: None)
    try:
        hotkeys.bind("dictate", Chord.parse("Ctrl+Alt+Space"))
        description = hotkeys.trigger_description("dictate")
        if description != printable(description):
            raise ValueError(description)
    finally:
        hotkeys.close()
    if any(name != "dictate" for name, _ in heard):
        raise ValueError(heard)


def _keyboard(_services: HostileServices) -> None:
    with tempfile.TemporaryDirectory(prefix="sotto-") as folder:
        keyboard = PortalKeyboard(Path(folder) / "token")
        try:
            for press in keyboard.strokes("ä\n"):
                press()
        finally:
            keyboard.close()


def _secrecy(_services: HostileServices) -> None:
    is_secret(os.getpid())


if __name__ == "__main__":
    main()
