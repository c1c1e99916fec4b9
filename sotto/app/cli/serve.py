"""`sotto serve`: speech to text for other programs and for browsers."""

import argparse

from sotto.app.cli import terminal
from sotto.app.cli.processors import use_processors
from sotto.app.cli.views.plain_lines import tell_preparing
from sotto.app.core.events import Preparing
from sotto.app.core.settings import load
from sotto.errors import SottoError, UsageError

_MEGABYTE = 1_000_000
_MINUTE_S = 60.0


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl+C."""
    _check_positive(arguments)
    use_processors(arguments.threads)
    try:
        from sotto.app.server.limits import Limits  # noqa: PLC0415 (an extra)
        from sotto.app.server.place import chosen_token, place  # noqa: PLC0415
        from sotto.app.server.serving import bind  # noqa: PLC0415
    except ImportError as error:
        raise SottoError(
            f"the server is not installed ({error}); install it with: pip install 'sotto[server]'"
        ) from error
    where = place(
        arguments.host,
        arguments.port,
        chosen_token(arguments.token, arguments.token_file),
        tuple(arguments.allow_host or ()),
        tuple(arguments.allow_origin or ()),
    )
    given = {
        name: getattr(arguments, name)
        for name in ("model", "language", "compute_type")
        if getattr(arguments, name) is not None
    }
    limits = Limits(
        upload_bytes=arguments.max_upload * _MEGABYTE,
        audio_s=arguments.max_audio * _MINUTE_S,
        files_at_once=arguments.at_once,
        files_waiting=arguments.max_waiting,
        live=arguments.max_live,
    )
    with bind(where.host, where.port) as listening:
        from sotto.app.server.command import run_server  # noqa: PLC0415 (with all that computes)

        settings = load(given).settings
        run_server(
            listening,
            where.access,
            settings,
            limits,
            pythons=tuple(arguments.compare_with or ()),
            progress=_Progress(),
            on_ready=_tell_ready,
        )
    return 0


def _check_positive(arguments: argparse.Namespace) -> None:
    for name in ("max_upload", "max_audio", "at_once", "max_waiting", "max_live"):
        if getattr(arguments, name) < 1:
            raise UsageError(f"--{name.replace('_', '-')} must be at least 1")
    if not 0 <= arguments.port <= 65535:
        raise UsageError("--port must be between 0, which takes a free one, and 65535")


class _Progress:
    """Says once what takes long."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def __call__(self, what: str, elapsed_s: float, expected_s: float) -> None:
        tell_preparing(Preparing(what, elapsed_s, expected_s), self._said)


def _tell_ready(url: str) -> None:
    terminal.note(f"Sotto serves on {url} (Ctrl+C ends it)")
