"""What `sotto serve` does: it loads the model, then serves."""

from collections.abc import Callable, Sequence
from pathlib import Path
from socket import socket

from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.core.models.choice import choose
from sotto.app.core.models.loader import load_chosen, load_model
from sotto.app.core.settings import Settings
from sotto.app.server.application import Application, Served
from sotto.app.server.limits import Limits
from sotto.app.server.peers.peer import peers
from sotto.app.server.requests.access import Access
from sotto.app.server.serving import serve, url_of


def run_server(  # noqa: PLR0913 (what the command was told)
    listening: socket,
    access: Access,
    settings: Settings,
    limits: Limits,
    *,
    pythons: Sequence[str] = (),
    progress: ProgressCallback,
    on_ready: Callable[[str], None],
) -> None:
    """Load the model, then serve until Ctrl+C.

    Args:
        listening: Clients come by it.
        access: Who may ask.
        settings: The user's.
        limits: Of what is taken.
        pythons: Where programs are looked for that the page shows beside Sotto.
        progress: Told how far the model is.
        on_ready: Called with the page's address once it is served.

    Raises:
        SottoError: The model cannot be loaded.
    """
    name = Path(choose(settings).name).name
    model = load_chosen(settings, load_model, progress)
    served = Served(model, name, peers(pythons, model.checkpoint.path))
    application = Application(served, settings, access, limits)
    serve(application.asgi(), listening, lambda: on_ready(url_of(listening)))
