"""A real browser, headless, told what to do over its DevTools protocol."""

import base64
import itertools
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome")
APPEARS_WITHIN_S = 60.0
_LISTENS = re.compile(r"DevTools listening on (ws://\S+)")


def installed() -> str | None:
    """Return the program, None if there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """A page that is open."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._session: str | None = None
        self.errors: list[str] = []  # what its console complained about

    def open(self, url: str) -> None:
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._ask(f"{domain}.enable")
        self._ask("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def value(self, expression: str) -> Any:
        """Return what an expression, or its promise, is."""
        answer = self._ask(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, expression: str) -> Any:
        """Return what an expression is once that is true."""
        until = time.monotonic() + APPEARS_WITHIN_S
        while not (value := self.value(expression)):
            assert time.monotonic() < until, f"never: {expression}"
            time.sleep(0.05)
        return value

    def text(self, selector: str) -> str:
        return str(self.value(f"document.querySelector({json.dumps(selector)}).textContent"))

    def click(self, selector: str) -> None:
        self.value(f"document.querySelector({json.dumps(selector)}).click()")

    def choose_files(self, selector: str, *paths: Path) -> None:
        """Give files to an input, as somebody who chooses them."""
        root = self._ask("DOM.getDocument")["root"]["nodeId"]
        node = self._ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self._ask("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def screenshot(self, path: Path, width: int = 1100, height: int = 760) -> None:
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        path.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot")["data"]))

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        request = {"id": number, "method": method, "params": params}
        if self._session is not None:
            request["sessionId"] = self._session
        self._socket.send(json.dumps(request))
        while (answer := json.loads(self._socket.recv())).get("id") != number:
            self._note(answer)
        assert "error" not in answer, answer["error"]
        result: dict[str, Any] = answer["result"]
        return result

    def _note(self, event: dict[str, Any]) -> None:
        match event.get("method"):
            case "Log.entryAdded" if event["params"]["entry"]["level"] == "error":
                self.errors.append(event["params"]["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.errors.append(str(event["params"]["exceptionDetails"]))


@contextmanager
def chromium(folder: Path, url: str, *, heard: Path | None = None) -> Iterator[Page]:
    """Open a page.

    Args:
        folder: For the profile.
        url: Of the page.
        heard: A WAV file that the microphone hears, once.
    """
    program = installed()
    assert program is not None
    flags = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder}"]
    flags += ["--no-first-run", "--disable-gpu", "--disable-background-networking"]
    if heard is not None:
        flags += ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        flags += [f"--use-file-for-fake-audio-capture={heard}%noloop"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # it refuses to run as root with one
    process = subprocess.Popen(
        [program, *flags, "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"HOME": str(folder), "DBUS_SESSION_BUS_ADDRESS": "disabled:"},
    )
    try:
        with connect(_address(process), max_size=None) as socket:
            page = Page(socket)
            page.open(url)
            yield page
    finally:
        process.terminate()
        process.communicate()


def _address(process: "subprocess.Popen[str]") -> str:
    """Return where a browser that has just started takes orders."""
    assert process.stderr is not None
    for line in process.stderr:
        if match := _LISTENS.search(line):
            return match[1]
    raise AssertionError("the browser ended before it listened")
