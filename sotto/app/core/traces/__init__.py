"""What failures leave behind: a private log, and the places in the code where things broke.

The commands that people leave running (`sotto`, `sotto listen`, `sotto overlay`, `sotto
transcribe`) keep traces while they run (`kept_traces`); who imports Sotto's modules gets none of
this. In the folder `log` of Sotto's state lie

- `sotto.log`, `sotto.log.1` and `sotto.log.2`: what all Sottos did, 256 kB each;
- `crash-….txt`: where a process was when it was killed by a fault in native code.

The log holds no spoken text and no names of files, devices, windows and people: of what is logged
only numbers, kinds and Sotto's own words are written, of errors their types and where in the code
they arose (`discreet`). `SOTTO_LOG=debug` writes everything.

Levels: INFO is what Sotto did, WARNING what the user was told, ERROR a defect of Sotto, which the
window offers to report.
"""

from sotto.app.core.traces.discreet import OwnWords
from sotto.app.core.traces.kept import kept_traces
from sotto.app.core.traces.logger import logger

__all__ = ["OwnWords", "kept_traces", "logger"]
