"""`sotto transcribe` on recordings as people have them: damaged, silent, of odd names and sides."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from tests.app.cli.conftest import Sotto
from tests.helpers.sound_files import encode
from tools.fixtures.clips import CLIPS, human_clips
from tools.fixtures.official import official
from tools.streaming_measures import normalised
from tools.word_error import word_errors

RATE = 16_000
PERSON, OTHER = human_clips()[16], human_clips()[21]


def silence(seconds: float) -> NDArray[np.float32]:
    return np.zeros(round(seconds * RATE), np.float32)


def transcribed(
    sotto_program: Sotto, folder: Path, files: Sequence[Path | str], *flags: str
) -> tuple[int, str, dict[str, Any]]:
    """Return exit code, complaints, and what was written, by the stem of its file."""
    result = sotto_program(
        *("transcribe", "--model", official("tiny.en"), "--output_dir", folder / "out"),
        *("--output_format", "json", *flags, *files),
    )
    assert "Traceback" not in result.stderr
    out = {path.stem: json.loads(path.read_text()) for path in (folder / "out").glob("*.json")}
    return result.returncode, result.stderr, out


def said(written: dict[str, Any]) -> str:
    return " ".join(normalised(written["text"]))


def test_what_can_be_read_is_written_down_and_the_rest_is_named(
    sotto_program: Sotto, tmp_path: Path
) -> None:
    data = encode(np.concatenate([PERSON.pcm(), silence(1.0), OTHER.pcm()]), RATE, "flac")
    (tmp_path / "cut.flac").write_bytes(data[: round(0.6 * len(data))])
    (tmp_path / "text.wav").write_text("Dear Laura\n" * 20)
    (tmp_path / "12:30 meeting.flac").write_bytes(encode(PERSON.pcm(), RATE, "flac"))
    files = ("cut.flac", "text.wav", "missing.wav", "12:30 meeting.flac")
    code, complaints, out = transcribed(
        sotto_program, tmp_path, [tmp_path / name for name in files]
    )
    assert code == 2
    assert set(out) == {"cut", "12:30 meeting"}
    assert said(out["12:30 meeting"]) == " ".join(normalised(PERSON.text))
    assert said(out["cut"]).startswith(" ".join(normalised(PERSON.text)))
    length_s = (len(PERSON.pcm()) + RATE + len(OTHER.pcm())) / RATE
    lines = [line for line in complaints.splitlines() if line.startswith("sotto: ")]
    assert len(lines) == 4
    assert lines[3].startswith("sotto: 1 done, 3 with faults (above); ")
    assert f"–{length_s:.1f} s cannot be read" in lines[0]  # noqa: RUF001
    assert "holds no sound itself" in lines[1]
    assert "does not exist" in lines[2]


def test_only_speech_is_heard_and_stands_where_it_was(sotto_program: Sotto, tmp_path: Path) -> None:
    recordings = {
        "silence": silence(10.0),
        "short": PERSON.pcm()[RATE : RATE + RATE // 20],
        "late": np.concatenate([silence(28.0), PERSON.pcm(), silence(20.0)]),
    }
    for name, pcm in recordings.items():
        soundfile.write(tmp_path / f"{name}.wav", pcm, RATE)
    files = [tmp_path / f"{name}.wav" for name in recordings]
    code, complaints, out = transcribed(sotto_program, tmp_path, files)
    assert code == 0, complaints
    assert out["silence"]["text"] == out["short"]["text"] == ""
    assert out["late"]["segments"][0]["start"] == pytest.approx(28.0, abs=1.0)
    assert out["late"]["segments"][-1]["end"] <= 28.0 + len(PERSON.pcm()) / RATE + 1.0
    assert said(out["late"]) == " ".join(normalised(PERSON.text))


def test_nothing_is_said_after_the_end(sotto_program: Sotto, tmp_path: Path) -> None:
    """openai-whisper's times may lie behind it, as a model's window does."""
    files = []
    for number, clip in enumerate(human_clips()[10:16]):
        soundfile.write(tmp_path / f"{number}.wav", clip.pcm(), RATE)
        files.append(tmp_path / f"{number}.wav")
    code, complaints, out = transcribed(sotto_program, tmp_path, files, "--vad", "off")
    assert code == 0, complaints
    for number, clip in enumerate(human_clips()[10:16]):
        ends = [segment["end"] for segment in out[str(number)]["segments"]]
        assert max(ends) <= len(clip.pcm()) / RATE


def test_one_side_of_stereo_and_one_upside_down(sotto_program: Sotto, tmp_path: Path) -> None:
    n = min(len(PERSON.pcm()), len(OTHER.pcm()))
    left, right = PERSON.pcm()[:n], OTHER.pcm()[:n]
    soundfile.write(tmp_path / "sides.wav", np.stack([left, right], axis=1), RATE)
    soundfile.write(tmp_path / "swapped.wav", np.stack([left, -left], axis=1), RATE)
    files = [tmp_path / "sides.wav", tmp_path / "swapped.wav"]
    code, complaints, out = transcribed(sotto_program, tmp_path, files, "--channels", "left")
    assert code == 0, complaints
    _, _, mixed = transcribed(sotto_program, tmp_path, files[1:])
    assert said(mixed["swapped"]) == said(out["swapped"]) == said(out["sides"])
    assert word_errors([(PERSON.text, out["sides"]["text"])]).rate < 0.5  # it is cut short


def test_a_track_that_is_not_there(sotto_program: Sotto, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "sound.wav", PERSON.pcm(), RATE)
    code, complaints, out = transcribed(
        sotto_program, tmp_path, [tmp_path / "sound.wav"], "--track", "2"
    )
    assert (code, out) == (2, {})
    assert "has one sound track; there is no track 2" in complaints


def test_an_output_that_cannot_be_written_does_not_cost_the_next(
    sotto_program: Sotto, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        soundfile.write(tmp_path / f"{name}.wav", PERSON.pcm()[: 2 * RATE], RATE)
    (tmp_path / "out" / "one.json").mkdir(parents=True)
    result = sotto_program(
        *("transcribe", "--model", official("tiny.en"), "--output_dir", tmp_path / "out"),
        *("--output_format", "json", tmp_path / "one.wav", tmp_path / "two.wav"),
    )
    assert result.returncode == 2
    assert "one.json" in result.stderr
    assert (tmp_path / "out" / "two.json").is_file()
    assert result.stdout.count("]") == 2  # both texts are printed


def test_a_speaker_a_side(sotto_program: Sotto, tmp_path: Path) -> None:
    first, second = PERSON.pcm(), OTHER.pcm()
    left = np.concatenate([first, 0 * second])
    right = np.concatenate([0 * first, second])
    soundfile.write(tmp_path / "call.wav", np.stack([left, right], axis=1), RATE)
    soundfile.write(tmp_path / "mono.wav", first, RATE)
    files = [tmp_path / "call.wav", tmp_path / "mono.wav"]
    code, complaints, out = transcribed(sotto_program, tmp_path, files, "--channels", "separate")
    assert code == 0, complaints
    assert "mono.wav” are the same sound; it is heard once" in complaints
    assert said(out["mono"]) == " ".join(normalised(PERSON.text))
    sides = [segment["text"].split("]")[0] for segment in out["call"]["segments"]]
    assert sides == sorted(sides)
    assert set(sides) == {" [left", " [right"}
    for side, clip in (("left", PERSON), ("right", OTHER)):
        text = " ".join(
            segment["text"].partition("] ")[2]
            for segment in out["call"]["segments"]
            if f"[{side}]" in segment["text"]
        )
        assert word_errors([(clip.text, text)]).rate < 0.2


def test_the_language_is_that_of_the_first_speech(sotto_program: Sotto, tmp_path: Path) -> None:
    """openai-whisper takes it from the first 30 s, whatever they hold."""
    french, rate = soundfile.read(CLIPS / "languages" / "fr-0.flac", dtype="float32")
    assert rate == RATE
    soundfile.write(tmp_path / "late.wav", np.concatenate([silence(35.0), french]), RATE)
    code, complaints, out = transcribed(
        sotto_program, tmp_path, [tmp_path / "late.wav"], "--model", str(official("base"))
    )
    assert code == 0, complaints
    assert out["late"]["language"] == "fr"
    assert out["late"]["segments"][0]["start"] == pytest.approx(35.0, abs=1.0)
