"""What works on this machine, and what to do about what does not."""

from sotto.app.core.doctor.finding import Finding, State
from sotto.app.core.doctor.machine import machine_findings
from sotto.app.core.doctor.model import model_findings
from sotto.app.core.doctor.sound import sound_findings

__all__ = ["Finding", "State", "machine_findings", "model_findings", "sound_findings"]
