"""Recordings of people, gathered from folders as their packages have them."""

import gzip
import json
from pathlib import Path

import av
import numpy as np
import pytest

from sotto.audio.input.source import SAMPLE_RATE
from tools.fixtures.clips import Clip, language_clips
from tools.people_of_languages import N_RECORDINGS, prompts, sound, write

PERSON = language_clips()[0]
LIST = f"""; Core Asterisk Sounds in French

vm-forward: {PERSON.text.replace("1", "un").replace("2", "deux")}
beep: [this is a simple beep tone]
missing: Ce fichier n'est pas dans le dossier des sons.
"""


def write_g722(path: Path, clip: Clip) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = np.round(clip.pcm() * 32767).astype(np.int16)[np.newaxis]
    with av.open(str(path), "w", format="g722") as container:
        stream = container.add_stream("g722", rate=SAMPLE_RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    texts = tmp_path / "usr/share/doc/asterisk-core-sounds-fr/core-sounds-fr.txt.gz"
    texts.parent.mkdir(parents=True)
    texts.write_bytes(gzip.compress(LIST.encode()))
    for name in ("vm-forward", "beep"):
        write_g722(tmp_path / f"usr/share/asterisk/sounds/fr_CA_f_June/{name}.g722", PERSON)
    return tmp_path


def test_prompts_are_those_that_are_said_and_there(root: Path) -> None:
    ((path, text),) = prompts(root, "fr")
    assert path.stem == "vm-forward"
    assert text.startswith("Pour envoyer ce message, appuyez sur un.")
    heard, person = sound(path), PERSON.pcm()
    n_samples = min(len(heard), len(person))
    # G.722 delays by some samples and rounds to a few bits.
    shift = int(np.argmax(np.correlate(heard[200:8_200], person[:8_000], "full"))) - 7_999 + 200
    likeness = np.corrcoef(heard[shift:n_samples], person[: n_samples - shift])[0, 1]
    assert likeness > 0.95


def test_as_many_as_wanted_are_drawn_and_listed(root: Path, tmp_path: Path) -> None:
    ((path, text),) = prompts(root, "fr")
    said = [(path, text), (path, "trop court"), (path, f"{text} 3")] + [(path, text)] * N_RECORDINGS
    write(tmp_path / "out", "fr", said)
    rows = [json.loads(line) for line in (tmp_path / "out/clips.jsonl").read_text().splitlines()]
    assert {row["text"] for row in rows} == {text}
    assert len(rows) == N_RECORDINGS == len(list((tmp_path / "out").glob("*.flac")))
