"""Models by name: which there are, where they lie on this machine, fetching and removing them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sotto.errors import ModelError, ModelNotFoundError

PACKAGED_FOLDER = Path(__file__).parents[3] / "assets" / "models"
STARTER = "starter-en"

_OPENAI_SIZES = (
    "tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "medium.en",
    "large-v2", "large-v3", "large-v3-turbo",
)  # fmt: skip
_DISTILLED_SIZES = ("small.en", "medium.en", "large-v2", "large-v3", "large-v3.5")

HUB_IDS = {
    **{size: f"openai/whisper-{size}" for size in _OPENAI_SIZES},
    "large-v1": "openai/whisper-large",
    **{f"distil-{size}": f"distil-whisper/distil-{size}" for size in _DISTILLED_SIZES},
}
_ALIASES = {"large": "large-v3", "turbo": "large-v3-turbo"}  # openai-whisper's

# The first vocabulary size with languages; English-only models have one token less.
_FIRST_MULTILINGUAL_SIZE = 51_865


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on this machine. `is_starter`: it came in the box."""

    name: str
    path: Path
    n_bytes: int
    is_multilingual: bool
    is_starter: bool


def resolve(name: str) -> Path:
    """Return the folder or `.pt` file of a model.

    Args:
        name: A name (`base.en`), a hub id, a folder in Hugging Face layout, or a `.pt` file.

    Raises:
        ModelNotFoundError: no such model is on this machine; the message says how to get it.
    """
    packaged = _packaged_folder(name)
    if packaged is not None:
        return packaged
    path = Path(name).expanduser()
    if name and name not in HUB_IDS and (path.is_dir() or path.is_file()):
        return path
    hub_id = hub_id_of(name)
    if hub_id is None or path.suffix == ".pt":
        raise ModelNotFoundError(_unknown(name))
    folder = _cached_folder(hub_id)
    if folder is None:
        raise ModelNotFoundError(
            f"the model {name} is not on this machine; fetch it with: sotto models pull {name}"
        )
    return folder


def installed() -> tuple[InstalledModel, ...]:
    """Return all models that can be used by name: the one in the box, then the hub cache's."""
    from sotto.app.core.models import hub  # noqa: PLC0415 (takes a third of a second to import)

    packaged = [_described(folder.name, folder) for folder in sorted(PACKAGED_FOLDER.iterdir())]
    names = {hub_id: name for name, hub_id in HUB_IDS.items()}
    cached = [
        _described(names.get(repo, repo), folder)
        for repo in hub.cached_repos()
        if (folder := hub.cached_folder(repo)) is not None
        and _config(folder).get("model_type") == "whisper"
    ]
    return (*packaged, *cached)


def pull(
    name: str,
    report: Callable[[str, int, int], None],
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Fetch a model from the hub, unless it is there already, and return its folder.

    Args:
        name: A name or a hub id.
        report: Called with the file that is coming, bytes done, and bytes in all.
        cancelled: Asked about every megabyte.

    Raises:
        DownloadError: the download failed or was cancelled; what has arrived is kept.
        ModelNotFoundError: neither a name nor a hub id.
    """
    from sotto.app.core.models import hub  # noqa: PLC0415 (takes a third of a second to import)

    if _packaged_folder(name) is not None:
        raise ModelError(f"{name} comes with Sotto; there is nothing to fetch")
    return hub.download(_hub_id_or_error(name), report, cancelled)


def remove(name: str) -> int:
    """Remove a model from the hub cache and return how many bytes that freed.

    Raises:
        ModelNotFoundError: it is not there.
        ModelError: the model in the box stays.
    """
    from sotto.app.core.models import hub  # noqa: PLC0415 (takes a third of a second to import)

    if _packaged_folder(name) is not None:
        raise ModelError(f"{name} comes with Sotto and stays")
    freed = hub.delete(_hub_id_or_error(name))
    if not freed:
        raise ModelNotFoundError(f"there is no model {name} here; see: sotto models list")
    return freed


def hub_id_of(name: str) -> str | None:
    """Return the hub id of a name or hub id; None if it is neither."""
    if name.count("/") == 1 and not name.startswith((".", "/", "~")):
        return name
    return HUB_IDS.get(_ALIASES.get(name, name))


def _hub_id_or_error(name: str) -> str:
    hub_id = hub_id_of(name)
    if hub_id is None:
        raise ModelNotFoundError(_unknown(name))
    return hub_id


def _packaged_folder(name: str) -> Path | None:
    folder = PACKAGED_FOLDER / name
    is_plain = name not in {"", ".", ".."} and "/" not in name
    return folder if is_plain and folder.is_dir() else None


def _cached_folder(hub_id: str) -> Path | None:
    from sotto.app.core.models import hub  # noqa: PLC0415 (takes a third of a second to import)

    return hub.cached_folder(hub_id)


def _unknown(name: str) -> str:
    if "/" in name or name.endswith(".pt"):
        return f"there is no model at {name}; give a model's folder or .pt file, or a name"
    names = ", ".join([STARTER, *HUB_IDS])
    return f"there is no model {name!r}; give a folder, a .pt file, a hub id, or one of {names}"


def _config(folder: Path) -> dict[str, object]:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return config if isinstance(config, dict) else {}


def _described(name: str, folder: Path) -> InstalledModel:
    size = _config(folder).get("vocab_size")
    return InstalledModel(
        name=name,
        path=folder,
        n_bytes=sum(path.stat().st_size for path in folder.iterdir() if path.is_file()),
        is_multilingual=isinstance(size, int) and size >= _FIRST_MULTILINGUAL_SIZE,
        is_starter=name == STARTER,
    )
