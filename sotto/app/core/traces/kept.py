"""A command that keeps traces while it runs."""

import logging
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sotto import __version__
from sotto.app.core.traces.crash_file import crash_file
from sotto.app.core.traces.discreet import DiscreetFormatter, OwnWords
from sotto.app.core.traces.hooks import error_hooks
from sotto.app.core.traces.log_file import BackgroundLog, LogFile, log_folder
from sotto.app.core.traces.logger import DEFECT, ROOT, logger
from sotto.errors import SottoError
from sotto.private_folder import make_private_folder

LEVEL_VARIABLE = "SOTTO_LOG"
OPEN_LOG = "with names and messages"  # a log that has these words may hold what others must not see

# What the system, the memory, a file or a text refuses is told to the user, and nobody's defect.
_REFUSED = (OSError, MemoryError, RecursionError, UnicodeError)

_log = logger(__name__)


@contextmanager
def kept_traces(command: str, environ: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Log what the command does and what breaks, and note where it crashes; then undo all that.

    Where nothing can be written, the command runs all the same.

    Args:
        command: its name.
        environ: says in `SOTTO_LOG` whether names and messages are logged, too ("debug").
    """
    is_open = environ.get(LEVEL_VARIABLE, "").lower() == "debug"
    with ExitStack() as stack:
        try:
            folder = log_folder()
            make_private_folder(folder.parent)
            make_private_folder(folder)
            stack.enter_context(_log_file(folder, is_open=is_open))
            stack.enter_context(crash_file(folder))
        except OSError:
            pass
        stack.enter_context(error_hooks())
        _log.info(
            "%s begins: Sotto %s, Python %s%s",
            *map(OwnWords, (command, __version__, platform.python_version())),
            OwnWords(f", {OPEN_LOG}" if is_open else ""),
        )
        with _noted_end(command):
            yield


@contextmanager
def _log_file(folder: Path, *, is_open: bool) -> Iterator[None]:
    root = logging.getLogger(ROOT)
    handler = BackgroundLog(LogFile(folder, DiscreetFormatter(is_open=is_open)))
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if is_open else logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()


@contextmanager
def _noted_end(command: str) -> Iterator[None]:
    """Log how it ends; what is not caught reaches Python's hooks when ours are gone."""
    try:
        yield
    except BrokenPipeError:  # who read its output has had enough
        raise
    except (SottoError, *_REFUSED) as error:
        _log.warning("%s ends, and the user is told why", OwnWords(command), exc_info=error)
        raise
    except Exception as error:
        _log.log(DEFECT, "%s ends: not caught", OwnWords(command), exc_info=error)
        raise
    _log.info("%s ends", OwnWords(command))
