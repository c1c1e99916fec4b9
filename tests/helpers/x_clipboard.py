"""The clipboard as another program sees it, by xclip."""

import subprocess
import time

OWNED_WITHIN_S = 60


def put(data: bytes, target: str = "UTF8_STRING") -> None:
    """Put `data` on the clipboard as `target`; xclip stays behind as its owner."""
    command = ["xclip", "-selection", "clipboard", "-target", target, "-in"]
    subprocess.run(command, input=data, stdout=subprocess.DEVNULL, check=True, timeout=60)
    deadline = time.monotonic() + OWNED_WITHIN_S
    while get(target) != data:  # what stays behind may own it a moment later
        if time.monotonic() > deadline:
            raise AssertionError("xclip does not own the clipboard")
        time.sleep(0.02)


def get(target: str = "UTF8_STRING") -> bytes | None:
    """What the clipboard holds as `target`, or None."""
    command = ["xclip", "-selection", "clipboard", "-target", target, "-out"]
    found = subprocess.run(command, capture_output=True, check=False, timeout=60)
    return found.stdout if found.returncode == 0 else None
