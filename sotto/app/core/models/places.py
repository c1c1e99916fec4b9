"""Where models lie on this machine: Sotto's own folders and those of other programs."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import platformdirs

from sotto.app.core.models import model_names
from sotto.app.core.user_path import exists, home, is_file, is_folder, user_path

PACKAGED_FOLDER = Path(__file__).parents[3] / "assets" / "models"

_WEIGHTS = (
    "model.safetensors",
    "model.safetensors.index.json",
    "model.bin",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
_FOR_TESTS = "for-tests-"  # whisper.cpp's checkout: vocabularies without weights


class Origin(StrEnum):
    """Whose a model is, as shown."""

    BOX = "in the box"
    SOTTO = "Sotto's folder"
    HUB = "Hugging Face cache"
    OPENAI = "openai-whisper"
    WHISPER_CPP = "whisper.cpp"
    BUZZ = "Buzz"
    VIBE = "Vibe"
    HANDY = "Handy"
    USER = "your folder"


@dataclass(frozen=True, slots=True)
class Found:
    """Something that looks like a model; nothing of it has been read.

    Attributes:
        name: what it is called by its repository or file.
        path: a folder, or a `.pt` or ggml file.
        hub_id: of the repository that it is of, if any.
    """

    name: str
    path: Path
    origin: Origin
    hub_id: str | None = None

    @property
    def size(self) -> str | None:
        """The official size in its name, None if it has a name of its own."""
        parsed = model_names.parse(self.name)
        return parsed.size if parsed else None


def find(models_folder: str = "") -> Iterator[Found]:
    """Yield all that looks like a model, in the order in which places are preferred.

    Args:
        models_folder: of the user's; empty for none.
    """
    for folder in sorted(PACKAGED_FOLDER.iterdir()):
        yield Found(folder.name, folder, Origin.BOX)
    if models_folder:
        yield from _in_folder(user_path(models_folder), Origin.USER)
    yield from _in_folder(sotto_folder(), Origin.SOTTO)
    yield from _in_hub_cache(hub_cache_folder(), Origin.HUB)
    for origin, folders in _other_programs().items():
        for folder in folders:
            yield from _in_folder(folder, origin)
            yield from _in_hub_cache(folder, origin)


def sotto_folder() -> Path:
    """Return the folder of models that Sotto keeps: $SOTTO_MODELS_DIR, or in the user's data."""
    folder = os.environ.get("SOTTO_MODELS_DIR")
    return Path(folder) if folder else platformdirs.user_data_path("sotto") / "models"


def hub_cache_folder() -> Path:
    """Return huggingface_hub's cache, by its own rules (`huggingface_hub.constants`).

    The library would say the same, but takes a third of a second to import.
    """
    if cache := os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE"):
        return user_path(cache)
    if hub_home := os.environ.get("HF_HOME"):
        return user_path(hub_home) / "hub"
    return _user_cache() / "huggingface" / "hub"


def snapshot(repository: Path) -> Path | None:
    """Return the newest snapshot of a repository in a hub cache: that of `main`, else any."""
    try:
        commit = (repository / "refs" / "main").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        commit = ""
    if commit and is_folder(repository / "snapshots" / commit):
        return repository / "snapshots" / commit
    others = [path for path in _entries(repository / "snapshots") if is_folder(path)]
    return max(others, key=_when_changed, default=None)


def repository_folder(hub_id: str) -> Path:
    """Return where a hub id lies in the hub cache, whether it is there or not."""
    return hub_cache_folder() / f"models--{hub_id.replace('/', '--')}"


def models_of(folder: Path) -> Iterator[Path]:
    """Yield the models that lie in a folder itself: the folder, and single files."""
    if exists(folder / "config.json") and any(exists(folder / name) for name in _WEIGHTS):
        yield folder
        return
    for path in _entries(folder):
        is_ggml = path.suffix == ".bin" and path.name.startswith(("ggml", "whisper"))
        if (is_ggml or path.suffix == ".pt") and is_file(path):
            yield path


def _in_folder(folder: Path, origin: Origin) -> Iterator[Found]:
    """Yield the models in a folder and one level below it."""
    for inner in (folder, *filter(is_folder, _entries(folder))):
        if inner.name.startswith("models--"):
            continue
        for path in models_of(inner):
            if not path.name.startswith(_FOR_TESTS):
                yield Found(_file_name(path), path, origin)


def _in_hub_cache(cache: Path, origin: Origin) -> Iterator[Found]:
    for repository in _entries(cache):
        kind, _, rest = repository.name.partition("--")
        newest = snapshot(repository) if kind == "models" else None
        if newest is None:
            continue
        hub_id = rest.replace("--", "/", 1)
        paths = list(models_of(newest))
        for path in paths:
            yield Found(_name_in_repository(hub_id, path), path, origin, hub_id)


def _name_in_repository(hub_id: str, path: Path) -> str:
    """Return the official name of a model of a repository, else its hub id and file."""
    if is_folder(path):
        parsed = model_names.parse(hub_id)
        return str(parsed) if parsed else hub_id
    parsed = model_names.parse(path.name)
    return str(parsed) if parsed else f"{hub_id}/{path.name}"


def _file_name(path: Path) -> str:
    parsed = model_names.parse(path.name)
    return str(parsed) if parsed else path.name.removesuffix(".bin").removesuffix(".pt")


def _other_programs() -> dict[Origin, tuple[Path, ...]]:
    """Return where other programs keep their models, each by its own documentation or code."""
    own, cache, data = home(), _user_cache(), platformdirs.user_data_path()
    buzz = platformdirs.user_cache_path("Buzz")
    buzz_root = Path(os.environ.get("BUZZ_MODEL_ROOT") or buzz / "models")
    return {
        Origin.OPENAI: (cache / "whisper",),
        Origin.WHISPER_CPP: (
            own / "whisper.cpp" / "models",
            cache / "whisper.cpp",
            data / "whisper.cpp" / "models",
            data / "pywhispercpp" / "models",
        ),
        Origin.BUZZ: (buzz_root, buzz / "hub"),
        Origin.VIBE: (data / "github.com.thewh1teagle.vibe",),
        Origin.HANDY: (data / "com.pais.handy" / "models",),
    }


def _user_cache() -> Path:
    """Return what openai-whisper and huggingface_hub take for the cache on every system."""
    return Path(os.environ.get("XDG_CACHE_HOME") or home() / ".cache")


def _entries(folder: Path) -> list[Path]:
    """Return what is in a folder, sorted; nothing where it is absent or may not be read."""
    try:
        return sorted(folder.iterdir())
    except (OSError, ValueError):
        return []


def _when_changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # gone since it was looked at
        return 0.0
