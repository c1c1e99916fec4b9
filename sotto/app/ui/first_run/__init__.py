"""The first start: can Sotto hear you, what understands you, which key begins."""

from sotto.app.ui.first_run.dialog import FirstRun
from sotto.app.ui.first_run.local_workbench import LocalWorkbench
from sotto.app.ui.first_run.workbench import OfferedModel, Workbench

__all__ = ["FirstRun", "LocalWorkbench", "OfferedModel", "Workbench"]
