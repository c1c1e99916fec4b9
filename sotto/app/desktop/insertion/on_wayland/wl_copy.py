"""The clipboard by `wl-copy`: for compositors that let no program without a window at it."""

import subprocess

from sotto.errors import InsertionError

_TAKES_WITHIN_S = 10


def wl_copy(data: bytes, kind: str) -> None:
    """Put `data` of a MIME type on the clipboard, where it outlives Sotto.

    Raises:
        InsertionError: wl-clipboard is missing, or the compositor refuses.
    """
    try:
        # By a pipe: everyone can read the arguments of a process. It stays in the background.
        subprocess.run(
            ["wl-copy", "--type", kind],  # noqa: S607  # wherever the user's PATH has it
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=_TAKES_WITHIN_S,
        )
    except FileNotFoundError as error:
        raise InsertionError(
            "this desktop needs wl-copy to copy a text; install the package wl-clipboard"
        ) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise InsertionError("wl-copy could not copy the text; try again") from error
