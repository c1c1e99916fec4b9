"""All that helps to understand what went wrong, in one text to pass on."""

import os
import platform
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sotto.app.core.doctor.finding import Finding
from sotto.app.core.doctor.masking import masked
from sotto.app.core.doctor.settings_summary import settings_lines
from sotto.app.core.settings import Settings
from sotto.app.core.traces.code_places import code_place
from sotto.app.core.traces.crash_file import crash_files
from sotto.app.core.traces.kept import OPEN_LOG
from sotto.app.core.traces.log_file import log_files, log_folder

HOLDS = (
    "It holds versions, this machine's processor and desktop, what `sotto doctor` found, settings "
    "that are not as they come, and Sotto's log with the places in the code where something broke. "
    "It holds no text that was dictated and no names of files, devices and windows."
)
READ_IT = "Read it before you pass it on."
_HOLDS_NAMES = (
    "Sotto ran with SOTTO_LOG=debug: the log may hold text and names of files, devices and windows."
)
_LONGEST_LOG = 40_000  # characters; issue trackers take 65,536 in one text
_LONGEST_CRASH = 6_000
_BEARS_ON_SPEED = re.compile(r"amx|avx|bmi|f16c|fma|sse4|asimd|sve|i8mm")
_CODE_FILE = re.compile(r'File "([^"]+)"')


def report(findings: Iterable[Finding], settings: Settings, folder: Path | None = None) -> str:
    """Return a report in Markdown that begins by saying what is in it.

    Args:
        findings: of the doctor.
        settings: the user's.
        folder: where the log is; None for Sotto's own.
    """
    folder = folder or log_folder()
    log = _log(folder)
    now = datetime.now(UTC).isoformat(" ", "seconds")
    parts = [
        f"# Report of Sotto, {now[:-6]}Z\n\n{contents(log)}\n",
        _part("Machine", _machine()),
        _part("Findings", map(finding_line, findings)),
        _part("Settings that are not as they come", settings_lines(settings)),
        _part("Log", log.splitlines()),
        *(_part(f"Crash, {_when(path)}", [_crash(path)]) for path in crash_files(folder)),
    ]
    return "\n".join(parts)


def contents(text: str) -> str:
    """Say what is in a report with this log."""
    holds_names = f"**{_HOLDS_NAMES}** " if OPEN_LOG in text else ""
    return f"{HOLDS} {holds_names}{READ_IT}"


def finding_line(finding: Finding) -> str:
    """Return a finding without what it says of the user's own things."""
    topic, detail = (masked(text, finding.private) for text in (finding.topic, finding.detail))
    return f"{finding.state.value:8}{topic}: {detail}"


def _part(title: str, lines: Iterable[str]) -> str:
    text = "\n".join(lines) or "none"
    return f"## {title}\n\n```\n{text}\n```\n"


def _machine() -> Iterator[str]:
    from sotto.inference.caches.compiled import cpu_features  # noqa: PLC0415 (imports MAX)

    yield f"Python {platform.python_version()}, {platform.python_implementation()}"
    features = filter(_BEARS_ON_SPEED.match, cpu_features().split())
    yield f"Processor: {' '.join(features)}"
    names = ("XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "QT_QPA_PLATFORM", "LANG")
    yield from (f"{name}={os.environ[name]}" for name in names if os.environ.get(name))


def _log(folder: Path) -> str:
    """Return the newest lines of the log."""
    read = (file.read_text(encoding="utf-8", errors="replace") for file in log_files(folder))
    text = "".join(read)
    if len(text) <= _LONGEST_LOG:
        return text
    cut = text.index("\n", len(text) - _LONGEST_LOG) + 1
    return f"… {text[:cut].count(chr(10))} earlier lines\n{text[cut:]}"


def _crash(path: Path) -> str:
    """Return a crash's threads, without the folders in which programs are installed."""
    text = path.read_text(encoding="utf-8", errors="replace")[:_LONGEST_CRASH]
    return _CODE_FILE.sub(lambda found: f'File "{code_place(found[1])}"', text)


def _when(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(" ", "seconds")[:-6] + "Z"
