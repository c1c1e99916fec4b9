"""What Qt complains about is logged, too."""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import (
    QMessageLogContext,
    QtMsgType,
    qFormatLogMessage,
    qInstallMessageHandler,
)

from sotto.app.core.printable import printable_lines
from sotto.app.core.traces import OwnWords, logger

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.DEBUG,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.WARNING,  # of the system around Qt, no defect of Sotto
    QtMsgType.QtFatalMsg: logging.CRITICAL,  # Qt ends the process; the crash file says where
}
# Most messages begin with the function that complains; what follows may be anything.
_FUNCTION = re.compile(r"Q\w+(?:::~?\w+)+(?=[:(])")

_log = logger(__name__)


@contextmanager
def logged_qt_messages() -> Iterator[None]:
    """Log which part of Qt complains, and have it written to standard error output as ever."""
    before = qInstallMessageHandler(_take)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _take(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    function = _FUNCTION.match(message)
    category = OwnWords(context.category or "default")
    _log.log(
        _LEVELS[kind], "%s: %s: %s", category, OwnWords(function[0] if function else "?"), message
    )
    sys.stderr.write(f"{printable_lines(qFormatLogMessage(kind, context, message))}\n")
