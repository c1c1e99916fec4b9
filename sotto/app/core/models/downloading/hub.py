"""Fetching models from the Hugging Face hub into the user's own hub cache.

The cache is the one that every program using huggingface_hub shares, so nothing is fetched twice.
Its library neither resumes a download that was cut off nor checks a file against its checksum;
both are done here. Nothing that the hub answers is believed beyond that: names stay in their
folder, answers have an end, and one that brings nothing is asked for a few times only.
"""

import errno
import functools
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

import httpx2
from filelock import FileLock, Timeout
from huggingface_hub import (
    constants,
    get_hf_file_metadata,
    get_session,
    hf_hub_url,
    is_offline_mode,
)
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
)
from huggingface_hub.file_download import repo_folder_name
from huggingface_hub.utils._headers import build_hf_headers
from huggingface_hub.utils._http import hf_raise_for_status

from sotto.app.core.models.downloading import snapshot
from sotto.app.core.models.downloading.bounded_download import (
    TIMEOUT_S,
    Cancelled,
    RemoteFile,
    bounded,
    plain,
    receive,
    size,
    verify,
)
from sotto.app.core.models.downloading.repository_files import is_safe_name, is_single_file, wanted
from sotto.app.core.models.model_names import is_hub_id
from sotto.app.core.models.removal import Removed, remove
from sotto.errors import DownloadError

# Git's of a small file, SHA-256 of a large one.
_CHECKSUM = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")

_ANSWER_S = 5.0  # for a first word; then it counts as out of reach


# Called with the file that is coming, and with bytes done and to be done over all files.
Report = Callable[[str, int, int], None]


def answers() -> bool:
    """Tell whether the hub answers at all within 5 s.

    Raises:
        DownloadError: The user wants nothing to be downloaded.
    """
    _refuse_offline()
    try:
        get_session().head(constants.ENDPOINT, timeout=_ANSWER_S)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        return False
    return True


def delete(repo: str) -> Removed:
    """Remove a model from the cache, begun downloads included."""
    return remove(_repo_folder(repo))


def download(
    repo: str, report: Report, cancelled: Cancelled, wanted_file: str | None = None
) -> Path:
    """Fetch what Sotto needs of a model and return its folder, or its one file, in the cache.

    What is there already is not fetched again. A download that was cut off goes on where it
    stopped. Every file is checked against the hub's checksum.

    Args:
        repo: The model's hub id.
        report: Called with the file that is coming, bytes done, and bytes in all.
        cancelled: Asked at every block that comes.
        wanted_file: The model's file in a repository that holds several.

    Raises:
        DownloadError: offline, no such model, cancelled, disk full, wrong checksum, …
    """
    if not is_hub_id(repo):
        raise DownloadError(f"{repo!r} is not a hub id; hub ids look like openai/whisper-base.en")
    if not answers():
        raise DownloadError(
            f"{constants.ENDPOINT} cannot be reached; check the network, then run the same again: "
            "it goes on where it stopped"
        )
    with _in_one_line(repo):
        names = [wanted_file] if wanted_file else wanted(repo, _present(repo))
        files = [_describe(repo, name) for name in names]
        _check_space(repo, files)
        ends = list(accumulate(file.size for file in files))
        for file, end in zip(files, ends, strict=True):
            start = end - file.size
            _fetch(
                repo,
                file,
                functools.partial(_report_file, report, file.name, start, ends[-1]),
                cancelled,
            )
        folder = _repo_folder(repo)
        paths = [
            snapshot.enter(folder, file.commit, file.name, folder / "blobs" / file.etag)
            for file in files
        ]
    return paths[0] if is_single_file(files[0].name) else paths[0].parent


def _refuse_offline() -> None:
    if is_offline_mode():
        raise DownloadError(
            "HF_HUB_OFFLINE is set, so nothing is downloaded; unset it, or copy the model's "
            "folder to this machine and give its path"
        )


def _report_file(report: Report, name: str, start: int, total: int, done: int) -> None:
    report(name, start + done, total)


def _present(repo: str) -> set[str]:
    """Return the names of all files of a repository."""
    url = f"{constants.ENDPOINT}/api/models/{repo}"
    headers = build_hf_headers()
    with get_session().stream("GET", url, headers=headers, timeout=TIMEOUT_S) as response:
        content = bounded(response)
        # hf_raise_for_status reads what there is of an answer, so it gets one that has an end.
        hf_raise_for_status(
            httpx2.Response(
                response.status_code,
                headers=plain(response.headers),
                content=content,
                request=response.request,
            )
        )
    try:
        return {str(sibling["rfilename"]) for sibling in json.loads(content)["siblings"]}
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise DownloadError(
            f"{constants.ENDPOINT} does not answer as the hub does; check HF_ENDPOINT"
        ) from error


def _describe(repo: str, name: str) -> RemoteFile:
    if not is_safe_name(name):
        raise DownloadError(f"{name!r} is no name of a file; check the name")
    url = hf_hub_url(repo, name)
    metadata = get_hf_file_metadata(url, timeout=TIMEOUT_S, retry_on_errors=True)
    if metadata.etag is None or metadata.size is None:
        raise DownloadError(f"the hub does not tell checksum and size of {name}; try again later")
    commit = metadata.commit_hash or ""
    if not (_CHECKSUM.fullmatch(metadata.etag) and _COMMIT.fullmatch(commit)):
        raise DownloadError(
            f"{constants.ENDPOINT} does not answer as the hub does; check HF_ENDPOINT"
        )
    return RemoteFile(name, url, metadata.etag, metadata.size, commit)


def _repo_folder(repo: str) -> Path:
    return Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=repo, repo_type="model")


def _partial(repo: str, file: RemoteFile) -> Path:
    return _repo_folder(repo) / "blobs" / f"{file.etag}.incomplete"


def _check_space(repo: str, files: list[RemoteFile]) -> None:
    folder = _repo_folder(repo)
    (folder / "blobs").mkdir(parents=True, exist_ok=True)
    missing = [file for file in files if not (folder / "blobs" / file.etag).exists()]
    needed = sum(file.size - size(_partial(repo, file)) for file in missing)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DownloadError(
            f"{repo} needs {needed / 1e6:.0f} MB, but {constants.HF_HUB_CACHE} has only "
            f"{free / 1e6:.0f} MB free; make room, or set HF_HOME to a folder on a larger disk"
        )


def _fetch(
    repo: str, file: RemoteFile, report: Callable[[int], None], cancelled: Cancelled
) -> None:
    """Bring one file into the cache's `blobs`, where the library finds it by its checksum."""
    partial = _partial(repo, file)
    blob = partial.with_name(file.etag)
    try:
        with FileLock(partial.with_suffix(".lock"), timeout=0):
            if not blob.exists():
                receive(file, partial, report, cancelled)
                verify(file, partial)
                partial.replace(blob)
    except Timeout:
        raise DownloadError(f"{repo} is being downloaded already; wait for it to end") from None
    report(file.size)


@contextmanager
def _in_one_line(repo: str) -> Iterator[None]:
    """Say what went wrong in the user's words."""
    try:
        yield
    except GatedRepoError as error:
        raise DownloadError(
            f"{repo} is given to registered users only; put your hub token into HF_TOKEN"
        ) from error
    except RepositoryNotFoundError as error:
        raise DownloadError(f"the hub has no model {repo}; check the name") from error
    except httpx2.TooManyRedirects as error:
        raise DownloadError(
            f"{constants.ENDPOINT} sends from place to place without end; check HF_ENDPOINT"
        ) from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise DownloadError(f"the hub answered {status} for {repo}; try again later") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise DownloadError(
            f"{constants.ENDPOINT} cannot be reached ({error}); check the network, then run the "
            "same again: it goes on where it stopped"
        ) from error
    except OSError as error:
        raise DownloadError(_disk_trouble(error)) from error


def _disk_trouble(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return (
            f"the disk of {constants.HF_HUB_CACHE} is full; make room and run the same again: it "
            "goes on where it stopped"
        )
    why = error.strerror or str(error)
    place = error.filename or constants.HF_HUB_CACHE
    return f"{place} cannot be used ({why.lower()}); HF_HOME names another folder"
