"""Programs beside Sotto. Their place is taken by one that tells what it was given."""

import asyncio
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import httpx2
import numpy as np
import pytest

from sotto.app.server.peers.peer import FASTER_WHISPER, OPENAI_WHISPER, Peer, peers
from sotto.errors import InternalError, UsageError
from sotto.inference.compute_type import ComputeType
from tools.fixtures.clips import CLIPS, starter_clips
from tools.fixtures.official import official
from tools.fixtures.sotto_server import SottoServer, sotto_server

SPEECH = CLIPS / starter_clips()[0].name
STANDS_IN = """
import time
from types import SimpleNamespace

class WhisperModel:
    def __init__(self, folder, **options):
        self.told = f"{folder} {options['compute_type']}"

    def transcribe(self, pcm, language, beam_size):
        if language == "fr":
            raise ValueError("no French")
        if language == "de":
            time.sleep(1000)
        text = f"{self.told} {len(pcm)} {language} {beam_size}"
        return [SimpleNamespace(start=0.0, end=1.0, text=text)], None
"""

OPENAI_STANDS_IN = """
def load_model(path, device):
    return Model(path)

class Model:
    def __init__(self, path):
        self.path = path

    def transcribe(self, pcm, **options):
        pcm[0] = 0  # it may write there
        text = f"{self.path} {len(pcm)} {options['language']} {options['beam_size']}"
        return {"segments": [{"start": 0.0, "end": 1.0, "text": text, "tokens": []}]}
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Python of an environment that has numpy and the program."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "faster_whisper.py").write_text(STANDS_IN)
    (packages / "whisper.py").write_text(OPENAI_STANDS_IN)
    (packages / "ours.pth").write_text(sysconfig.get_path("purelib"))
    return str(folder / "bin" / "python")


def test_what_is_installed_and_can_read_the_model(python: str) -> None:
    model = official("tiny.en")
    assert peers((sys.executable, python, python), model) == (Peer(FASTER_WHISPER, python, model),)
    assert peers((python,), model / "config.json") == ()
    assert peers((), model) == ()
    for senseless in ("/nowhere", "/bin/false", "/bin/true", str(model)):
        with pytest.raises(UsageError, match="--compare-with"):
            peers((senseless,), model)


def test_openai_whisper_gets_its_own_file_of_the_model(
    python: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cached = tmp_path / "whisper" / "tiny.en.pt"
    cached.parent.mkdir()
    cached.touch()
    _, peer = peers((python,), official("tiny.en"))
    assert peer == Peer(OPENAI_WHISPER, python, cached)
    assert peers((python,), cached) == (peer,)
    told = asyncio.run(peer.transcribe(np.ones(16, np.float32), ComputeType.INT8, ""))
    assert told["segments"] == [{"start": 0.0, "end": 1.0, "text": f"{cached} 16 None 5"}]
    assert told["seconds"] >= 0


def test_one_that_fails_and_one_that_is_not_waited_for(python: str) -> None:
    peer = Peer(FASTER_WHISPER, python, official("tiny.en"))

    async def run() -> None:
        with pytest.raises(InternalError, match=r"faster-whisper failed \(ValueError: no French\)"):
            await peer.transcribe(np.zeros(16, np.float32), ComputeType.INT8, "fr")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await peer.transcribe(np.zeros(16, np.float32), ComputeType.INT8, "de")

    asyncio.run(run())  # which would warn of a process that still runs


@pytest.fixture(scope="module")
def comparing_server(python: str) -> Iterator[SottoServer]:
    with sotto_server(official("tiny.en"), "--compare-with", python) as running:
        yield running


def test_it_gets_the_same_sound_and_model(comparing_server: SottoServer) -> None:
    files = {"file": ("a.flac", SPEECH.read_bytes())}
    url = f"{comparing_server.api}/compare"
    told = httpx2.post(f"{url}/faster-whisper", files=files, data={"language": "en"}).json()
    (segment,) = told["segments"]
    folder, _, n_samples, *rest = segment["text"].split()
    assert folder == str(official("tiny.en"))
    assert round(int(n_samples) / 16_000, 3) == told["duration"]
    assert rest == ["en", "5"]
    assert told["seconds"] >= 0
    assert httpx2.post(f"{url}/openai-whisper", files=files).status_code == 404
    assert httpx2.post(f"{url}/faster-whisper", files={"file": b"no"}).status_code == 400
