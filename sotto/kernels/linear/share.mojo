"""How the threads share a product of rows and panels."""

from std.math import ceildiv

from .panels import TALL


@fieldwise_init
struct Share(TrivialRegisterPassable):
    """What one thread multiplies: some of the rows by some of the panels.

    Many rows are shared out, so that each is packed once; few rows meet shared-out panels.
    """

    var first_row: Int
    var end_row: Int
    var first_panel: Int
    var end_panel: Int


def share_of(task: Int, tasks: Int, n_rows: Int, n_panels: Int) -> Share:
    """Return the share of one of `tasks` threads."""
    if n_rows >= 2 * tasks * TALL:
        var rows = ceildiv(ceildiv(n_rows, tasks), TALL) * TALL
        return Share(min(n_rows, task * rows), min(n_rows, (task + 1) * rows), 0, n_panels)
    var panels = ceildiv(n_panels, tasks)
    return Share(0, n_rows, min(n_panels, task * panels), min(n_panels, (task + 1) * panels))
