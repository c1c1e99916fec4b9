"""The running Sotto's end of the control socket (see `sotto.app.core.control`)."""

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QLockFile, QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from sotto.app.core.control import Request, socket_path
from sotto.errors import ControlError, SottoError

# A request is a few words; who sends more is not one of ours.
_LONGEST_REQUEST = 1000
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

    def __init__(self, answer: Answer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answer = answer
        self._followers: list[QLocalSocket] = []
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
        self._server.close()
        if self._lock is not None:
            self._lock.unlock()

    def _take_connections(self) -> None:
        while self._server.hasPendingConnections():
            connection = self._server.nextPendingConnection()
            connection.readyRead.connect(lambda each=connection: self._read(each))
            connection.disconnected.connect(lambda each=connection: self._forget(each))
            self._read(connection)

    def _read(self, connection: QLocalSocket) -> None:
        if connection.canReadLine():
            line = bytes(connection.readLine().data())
            connection.write(json.dumps(self._reply(connection, line)).encode() + b"\n")
        elif connection.bytesAvailable() > _LONGEST_REQUEST:
            connection.abort()

    def _reply(self, connection: QLocalSocket, line: bytes) -> dict[str, Any]:
        try:
            request = Request(json.loads(line)["do"])
        except (ValueError, KeyError, TypeError):
            return {"error": "this Sotto does not know the request; both must be of one version."}
        try:
            reply = self._answer(request)
        except SottoError as error:
            return {"error": str(error)}
        if request is Request.FOLLOW:
            self._followers.append(connection)
        return reply

    def _forget(self, connection: QLocalSocket) -> None:
        if connection in self._followers:
            self._followers.remove(connection)
        connection.deleteLater()
