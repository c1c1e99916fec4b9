"""Programs that are connected to an X server, told apart by their windows."""

from Xlib.display import Display
from Xlib.error import XError
from Xlib.ext.res import LocalClientPIDMask


class Clients:
    """The clients of `display`, on whose thread it is used."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._mask = ~display.display.info.resource_id_mask & 0xFFFFFFFF
        self._tells_process = display.has_extension("X-Resource")

    def are_one(self, window: int, other: int) -> bool:
        """Whether two windows are of one program, be it by several connections."""
        if window & self._mask == other & self._mask:
            return True
        process = self.process(window)
        return process is not None and process == self.process(other)

    def process(self, window: int) -> int | None:
        """The process that made `window`, as the X-Resource extension tells; None if unknown."""
        if not self._tells_process:
            return None
        wanted = {"client": window, "mask": LocalClientPIDMask}
        try:
            answer = self._display.res_query_client_ids([wanted])
        except XError:
            return None  # the window is gone
        return next((value for each in answer.ids for value in each.value), None)
