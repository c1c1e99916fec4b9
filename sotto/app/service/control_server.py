"""The running Sotto's end of the control socket (see `sotto.app.core.control`).

The folder keeps other users out; should it not, the system tells who is at the other end. Nobody
can make Sotto wait, or keep more than a little for him.
"""

import json
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import Any

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from sotto.app.core.control import Request, socket_path
from sotto.errors import ControlError, SottoError
from sotto.private_folder import PRIVATE_FILE

# A request is a few words and at most one path (4096 bytes, of which JSON makes up to six times as
# many); who sends more is not one of ours.
_LONGEST_REQUEST = 26_000
# Programs that are connected at once; keys and status bars are a handful.
_MOST_CONNECTIONS = 64
# In which who follows nothing has had time to ask and to read.
_CONNECTED_MS = 30_000
_CREDENTIALS = Struct("3i")  # process, user, group
# Lines that wait for a follower that does not read them; then it is let go.
_MOST_WAITING = 1 << 20

Answer = Callable[[Request], dict[str, Any]]


class ControlServer(QObject):
    """Answers other processes of this user. Lives on Qt's thread and never waits.

    Being the one instance is a lock file, which knows a crashed owner from a living one; the socket
    alone does not.

    Args:
        answer: does what is asked and returns the state as JSON has it; raises SottoError.
        parent: Qt's.
    """

    open_requested = Signal(tuple)  # tuple[Path]: a file

    def __init__(self, answer: Answer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answer = answer
        self._connections: list[QLocalSocket] = []
        self._followers: list[QLocalSocket] = []
        self._seen: list[QLocalSocket] = []
        self._patience = QTimer(self)
        self._patience.timeout.connect(self._let_go)
        self._lock: QLockFile | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._take_connections)

    def start(self) -> bool:
        """Begin to answer; return False when another Sotto of this user does already.

        Raises:
            ControlError: the socket cannot be made.
        """
        path = socket_path()
        self._lock = QLockFile(f"{path}.lock")
        self._lock.setStaleLockTime(0)  # however long it runs: stale is when its process is gone
        if not self._lock.tryLock(0):
            return False
        with suppress(OSError):
            Path(self._lock.fileName()).chmod(PRIVATE_FILE)
        QLocalServer.removeServer(str(path))
        if not self._server.listen(str(path)):
            raise ControlError(f"{path} cannot be made: {self._server.errorString()}.")
        return True

    def tell(self, line: str) -> None:
        """Send a line of JSON to everybody who follows."""
        for follower in tuple(self._followers):
            if follower.bytesToWrite() > _MOST_WAITING:
                follower.abort()
            else:
                follower.write(line.encode() + b"\n")

    def close(self) -> None:
        """Answer no more; whoever follows is told by the end of the stream."""
        for follower in tuple(self._followers):
            follower.flush()
            follower.disconnectFromServer()
        for connection in tuple(self._connections):
            if connection not in self._followers:
                connection.abort()
        self._patience.stop()
        self._server.close()
        if self._lock is not None:
            self._lock.unlock()

    def _take_connections(self) -> None:
        while self._server.hasPendingConnections():
            connection = self._server.nextPendingConnection()
            if len(self._connections) >= _MOST_CONNECTIONS or not _is_own(connection):
                connection.abort()
                connection.deleteLater()
                continue
            self._connections.append(connection)
            connection.setReadBufferSize(_LONGEST_REQUEST + 1)
            if not self._patience.isActive():
                self._patience.start(_CONNECTED_MS)
            connection.readyRead.connect(lambda each=connection: self._read(each))
            connection.disconnected.connect(lambda each=connection: self._forget(each))
            self._read(connection)

    def _read(self, connection: QLocalSocket) -> None:
        while connection.canReadLine():
            line = bytes(connection.readLine().data())
            if connection.bytesToWrite() > _MOST_WAITING:  # it asks and asks, and reads no answer
                connection.abort()
                return
            connection.write(json.dumps(self._reply(connection, line)).encode() + b"\n")
        if connection.bytesAvailable() > _LONGEST_REQUEST:
            connection.abort()

    def _reply(self, connection: QLocalSocket, line: bytes) -> dict[str, Any]:
        try:
            fields = json.loads(line)
            request = Request(fields["do"])
            file = Path(fields["file"]) if request is Request.OPEN else None
        except (ValueError, KeyError, TypeError, RecursionError):
            return {"error": "this Sotto does not know the request; both must be of one version."}
        try:
            reply = self._answer(request)
        except SottoError as error:
            return {"error": str(error)}
        if file is not None:
            self.open_requested.emit((file,))
        if request is Request.FOLLOW and connection not in self._followers:
            self._followers.append(connection)
        return reply

    def _let_go(self) -> None:
        """Let go who was connected the last time already and follows nothing."""
        for connection in tuple(self._seen):
            if connection in self._connections and connection not in self._followers:
                connection.abort()
        self._seen = list(self._connections)
        if not self._seen:
            self._patience.stop()

    def _forget(self, connection: QLocalSocket) -> None:
        for those in (self._connections, self._followers, self._seen):
            if connection in those:
                those.remove(connection)
        connection.deleteLater()


def _is_own(connection: QLocalSocket) -> bool:
    """Tell whether the process at the other end is this user's, where the system says so."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return True  # the folder is closed to others
    try:
        with socket.socket(fileno=os.dup(int(connection.socketDescriptor()))) as peer:
            found = peer.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size)
    except OSError:  # it has gone already
        return False
    _, user, _ = _CREDENTIALS.unpack(found)
    return bool(user == os.getuid())
