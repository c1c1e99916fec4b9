"""A D-Bus daemon of one's own, and services on it that say what they are told to say."""

import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping

from jeepney import MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection


@contextlib.contextmanager
def session_bus() -> Iterator[str]:
    """Run a session bus and yield its address."""
    reader, writer = os.pipe()
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--print-address={writer}"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as lines:
            yield lines.readline().strip()
    finally:
        daemon.terminate()
        daemon.wait()


@contextlib.contextmanager
def service(address: str, name: str, answers: Mapping[str, tuple[str, object]]) -> Iterator[None]:
    """Own `name` on the bus and answer each member of `answers` with its signature and value."""
    connection = open_dbus_connection(address)
    connection.send_and_get_reply(message_bus.RequestName(name))

    def answer() -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                asked = connection.receive()
                if asked.header.message_type is not MessageType.method_call:
                    continue
                member = asked.header.fields[3]
                connection.send(
                    new_method_return(asked, answers[member][0], (answers[member][1],))
                    if member in answers
                    else new_error(asked, "org.freedesktop.DBus.Error.UnknownMethod")
                )

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield
    finally:
        connection.sock.shutdown(2)
        thread.join()
        connection.close()


@contextlib.contextmanager
def silent_service(address: str, name: str) -> Iterator[None]:
    """Own `name` on the bus and never answer."""
    with open_dbus_connection(address) as connection:
        connection.send_and_get_reply(message_bus.RequestName(name))
        yield
