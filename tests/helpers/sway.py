"""A real, headless Wayland compositor (sway), with its own displays and its own folder.

Sway refuses to run as root, so root hands it to the user `nobody`; clients stay with the test's
user. `WAYLAND_DISPLAY` is given to them as an absolute path, which keeps their own
`XDG_RUNTIME_DIR`, as Qt demands that it belongs to the user.
"""

import contextlib
import getpass
import json
import os
import shlex
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

STARTS_WITHIN_S = 60
NOBODY = 65534
LONGEST_PRESS_MS = 150  # held that long, a key is seen by a compositor on a busy machine, too
# A machine has a keyboard all the time. Where the first one comes with the first key, a client may
# not have taken it up when the key is pressed.
A_DAY_MS = "86400000"

_CONFIGURATION = """
xwayland {xwayland}
output HEADLESS-1 resolution {size} position 0 0
default_border pixel 2
focus_on_window_activation focus
{own}
exec printf '%s\\n' "$WAYLAND_DISPLAY" "$DISPLAY" > {folder}/displays \\
    {admit} && touch {folder}/ready
"""
# XWayland lets in only the user that it runs as.
_ADMIT = f"&& xhost +si:localuser:{getpass.getuser()}"


class Sway:
    """A running compositor and what a test does with it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        """What clients need. DISPLAY is empty without XWayland: no other X server is meant."""

    def message(self, *arguments: str) -> Any:
        """Ask by swaymsg, such as `message("-t", "get_tree")`; return the parsed answer."""
        return json.loads(self.run("swaymsg", "--raw", *arguments) or "null")

    def screenshot(self, path: Path) -> None:
        """Write what the output shows as a PNG."""
        self.run("grim", str(path))

    def type_text(self, text: str) -> None:
        """Type text into whatever has the focus."""
        self.run("wtype", "-", stdin=text)

    def press(self, key: str, *modifiers: str, held_ms: int = LONGEST_PRESS_MS) -> None:
        """Press a key by its XKB name with modifiers (ctrl, alt, shift, logo) held."""
        down = [word for name in modifiers for word in ("-M", name)]
        up = [word for name in reversed(modifiers) for word in ("-m", name)]
        self.run("wtype", *down, "-P", key, "-s", str(held_ms), "-p", key, *up)

    def run(self, *command: str, stdin: str = "") -> str:
        """Run a client to its end and return what it printed."""
        done = subprocess.run(
            command,
            env=os.environ | self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=STARTS_WITHIN_S,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{shlex.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def copy(self, data: bytes, kind: str = "text/plain") -> None:
        """Put something on the clipboard, owned by another program."""
        subprocess.run(
            ["wl-copy", "--type", kind],
            env=os.environ | self.environment,
            input=data,
            stdout=subprocess.DEVNULL,  # what stays in the background would keep a pipe open
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=STARTS_WITHIN_S,
        )

    @contextlib.contextmanager
    def client(self, *command: str, **variables: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a client in the background; it is gone afterwards."""
        process = subprocess.Popen(
            command,
            env=os.environ | self.environment | variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            end(process)

    @contextlib.contextmanager
    def bound(self, keys: str, *command: str) -> Iterator[None]:
        """Bind keys, such as `Ctrl+Mod1+space`, to a command, as users do by `bindsym … exec`.

        The command runs as the test's user, who need not be the one that sway runs as.
        """
        self.message("bindsym", keys, "nop")
        listener = subprocess.Popen(
            ["swaymsg", "--raw", "--monitor", "-t", "subscribe", '["binding", "tick"]'],
            env=os.environ | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert listener.stdout is not None
        listener.stdout.readline()  # the first tick tells that the subscription holds
        events = listener.stdout
        thread = threading.Thread(target=lambda: [self.run(*command) for _ in events])
        thread.start()
        try:
            yield
        finally:
            end(listener)
            thread.join()
            listener.stdout.close()
            self.message("unbindsym", keys)

    def windows(self) -> list[dict[str, Any]]:
        """Return the nodes of all windows, tiled and floating."""
        return [node for node in _nodes(self.message("-t", "get_tree")) if node.get("pid")]

    def focused(self) -> str:
        """Return the app_id or X11 class of the window with the focus, or an empty string."""
        for window in self.windows():
            if window["focused"]:
                return application(window)
        return ""

    def wait_for_focus(self, name: str) -> None:
        """Wait until a window of that app_id or X11 class has the focus."""
        wait_until(lambda: self.focused() == name, f"{name} has no focus")


@contextlib.contextmanager
def sway(
    *, xwayland: bool = False, size: str = "1280x800", configuration: str = ""
) -> Iterator[Sway]:
    """Run sway with further lines of configuration; it is gone afterwards.

    Commands in the configuration run as the user that sway runs as; see also `Sway.bound`.
    """
    with tempfile.TemporaryDirectory(prefix="sotto-sway-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "clients").mkdir(mode=0o700)
        own = folder / "sway"
        own.mkdir(mode=0o700)
        text = _CONFIGURATION.format(
            xwayland="force" if xwayland else "disable",
            admit=_ADMIT if xwayland else "",
            size=size,
            own=configuration,
            folder=own,
        )
        (own / "config").write_text(text, encoding="utf-8")
        if os.geteuid() == 0:
            folder.chmod(0o711)  # `nobody` must get through to its own folder
            for path in (own, own / "config"):
                os.chown(path, NOBODY, NOBODY)
        with _running(own) as process:
            wait_until(
                lambda: (own / "ready").exists() or process.poll() is not None,
                "sway did not start; is the package sway installed?",
            )
            compositor = Sway(_environment(folder))
            with compositor.client("wtype", "-s", A_DAY_MS):
                wait_until(
                    lambda: bool(compositor.message("-t", "get_inputs")),
                    "no keyboard; is the package wtype installed?",
                )
                yield compositor


def application(window: Mapping[str, Any]) -> str:
    """Return the app_id of a window of the tree, or its X11 class."""
    name: str = window.get("app_id") or window.get("window_properties", {}).get("class", "")
    return name


def wait_until(is_true: Callable[[], bool], complaint: str) -> None:
    """Wait until a condition holds, generously; raise with the complaint otherwise."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while not is_true():
        if time.monotonic() > deadline:
            raise RuntimeError(complaint)
        time.sleep(0.05)


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process, by force if it does not listen."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _running(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "SWAYSOCK": str(folder / "ipc"),
        "WLR_BACKENDS": "headless",
        "WLR_LIBINPUT_NO_DEVICES": "1",
        "WLR_RENDERER": "pixman",
    }
    other_user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    prefix = other_user if os.geteuid() == 0 else []
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*prefix, "sway", "--config", str(folder / "config")],
            env=variables,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        end(process)


def _environment(folder: Path) -> dict[str, str]:
    own = folder / "sway"
    log = (own / "log").read_text(encoding="utf-8", errors="replace")
    if not (own / "ready").exists():
        raise RuntimeError(f"sway did not start: {log}")
    display, x_display = (own / "displays").read_text(encoding="utf-8").splitlines()
    return {
        "DISPLAY": x_display,
        # Where a test may have its own bus. Without the address, libdbus starts one by itself.
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/clients/bus",
        "WAYLAND_DISPLAY": str(own / display),
        "XDG_RUNTIME_DIR": str(folder / "clients"),
        "SWAYSOCK": str(own / "ipc"),
        "XDG_CURRENT_DESKTOP": "sway",
        "XDG_SESSION_TYPE": "wayland",
    }


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in [*node["nodes"], *node["floating_nodes"]]:
        yield from _nodes(child)
