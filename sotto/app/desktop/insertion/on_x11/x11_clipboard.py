"""The clipboard for a thread that may block, owned by a thread that must not."""

import contextlib
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from queue import SimpleQueue
from typing import TypeVar

from Xlib.error import ConnectionClosedError

from sotto.app.desktop.insertion.on_x11.selection.owner import ClipboardOwner
from sotto.errors import InsertionError

Result = TypeVar("Result")

GONE = "the X server closed the connection; restart Sotto once the desktop is back"
# How often the caller looks whether the thread that should answer is still there.
LOOK_EVERY_S = 1.0


class Clipboard:
    """Runs a ClipboardOwner on a thread of its own, and waits for its answers.

    Whoever owns the clipboard has to answer whoever asks, at any time: after an insertion that is
    Sotto, until the user copies something else. That thread owns everything about selections; the
    caller hands it one job at a time. It ends when its connection does.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[ClipboardOwner], None]] = SimpleQueue()
        self._waker, self._woken = socket.socketpair()
        opened: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(opened,), name="clipboard", daemon=True
        )
        self._thread.start()
        opened.result()

    def offer(self, text: str, target: int) -> bool:
        """Keep what the clipboard holds and offer `text` to the program of the window `target`.

        False if it cannot be kept: nothing is changed then.
        """
        return self._do(lambda owner: owner.offer(text, target))

    def expect(self) -> None:
        """Count only what is read from now on."""
        self._do(lambda owner: owner.expect())

    def wait_until_read(self, limit_s: float) -> bool:
        """Wait until the target has read the offered text; False if it has not within `limit_s`."""
        return self._do(lambda owner: owner.wait_until_read(limit_s))

    def restore(self) -> None:
        """Give back what the clipboard held, unless somebody has copied something since."""
        self._do(lambda owner: owner.restore())

    def copy(self, text: str) -> None:
        """Put `text` on the clipboard, to stay."""
        self._do(lambda owner: owner.copy(text))

    def close(self) -> None:
        """Leave the content to the clipboard manager, if there is one, and end the thread."""
        with contextlib.suppress(InsertionError):
            self._do(lambda owner: owner.close())
        self._thread.join()
        self._waker.close()
        self._woken.close()

    def _do(self, job: Callable[[ClipboardOwner], Result]) -> Result:
        answer: Future[Result] = Future()

        def work(owner: ClipboardOwner) -> None:
            try:
                answer.set_result(job(owner))
            except ConnectionClosedError:
                answer.set_exception(InsertionError(GONE))
            except Exception as error:  # noqa: BLE001  # a defect: raised where the answer is wanted
                answer.set_exception(error)

        if self._thread.is_alive():
            self._jobs.put(work)
            self._waker.send(b"\n")
        while self._thread.is_alive() and not answer.done():
            wait([answer], LOOK_EVERY_S)
        if not answer.done():
            raise InsertionError(GONE)
        return answer.result()

    def _run(self, opened: "Future[None]") -> None:
        try:
            owner = ClipboardOwner()
        except Exception as error:  # noqa: BLE001  # raised where the clipboard was wanted
            opened.set_exception(error)
            return
        opened.set_result(None)
        with contextlib.suppress(ConnectionClosedError):
            while True:
                owner.connection.serve_until_readable(self._woken)
                self._woken.recv(1)
                self._jobs.get()(owner)
