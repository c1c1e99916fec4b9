"""The clipboard as another program sees it, by xclip."""

import subprocess


def put(data: bytes, target: str = "UTF8_STRING") -> None:
    """Put `data` on the clipboard as `target`; xclip stays behind as its owner."""
    command = ["xclip", "-selection", "clipboard", "-target", target, "-in"]
    subprocess.run(command, input=data, stdout=subprocess.DEVNULL, check=True, timeout=60)


def get(target: str = "UTF8_STRING") -> bytes | None:
    """What the clipboard holds as `target`, or None."""
    command = ["xclip", "-selection", "clipboard", "-target", target, "-out"]
    found = subprocess.run(command, capture_output=True, check=False, timeout=60)
    return found.stdout if found.returncode == 0 else None
