"""What works on this machine, and what to do about what does not."""

from sotto.app.core.doctor.finding import Finding, State
from sotto.app.core.doctor.model_check import model_findings
from sotto.app.core.doctor.platform_check import machine_findings
from sotto.app.core.doctor.report import HOLDS, READ_IT, report
from sotto.app.core.doctor.sound_check import sound_findings

__all__ = [
    "HOLDS",
    "READ_IT",
    "Finding",
    "State",
    "machine_findings",
    "model_findings",
    "report",
    "sound_findings",
]
