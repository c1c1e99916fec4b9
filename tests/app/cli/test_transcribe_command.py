"""`sotto transcribe` from files to files: of people by tiny.en, else by the model in the box."""

import json
import shutil
import subprocess
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from tests.app.cli.conftest import COLD_CACHE, Sotto
from tools.fixtures.clips import CLIPS, human_clips, starter_clips
from tools.fixtures.official import official
from tools.streaming_measures import normalised
from tools.word_error import word_errors

STARTER_CLIPS = CLIPS / "starter"
CLIP = STARTER_CLIPS / "000.flac"
PERSON = human_clips()[16]  # LJ001-0017, of which every word is heard
SPEECH = CLIPS / PERSON.name


def transcribe(sotto_program: Sotto, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Let tiny.en write down what people say."""
    result = sotto_program("transcribe", "--model", official("tiny.en"), *arguments)
    assert result.returncode == 0, result.stderr
    return result


def test_json_as_openai_whisper_writes_it(sotto_program: Sotto, tmp_path: Path) -> None:
    result = transcribe(
        sotto_program, SPEECH, "--output_format", "json", "--output_dir", tmp_path / "out"
    )
    written = json.loads((tmp_path / "out" / f"{SPEECH.stem}.json").read_text())
    assert list(written) == ["text", "segments", "language"]
    assert written["language"] == "en"
    assert normalised(written["text"]) == normalised(PERSON.text)
    segments = written["segments"]
    assert written["text"] == "".join(segment["text"] for segment in segments)
    assert [line.partition("] ")[2] for line in result.stdout.splitlines()] == [
        segment["text"] for segment in segments
    ]
    assert all({"id", "start", "end", "text", "tokens"} <= set(segment) for segment in segments)
    assert 0 <= segments[0]["start"] < segments[-1]["end"] <= soundfile.info(SPEECH).duration + 0.1


def test_words_are_timed_on_request(sotto_program: Sotto, tmp_path: Path) -> None:
    transcribe(
        sotto_program,
        *(SPEECH, "--output-dir", tmp_path, "--output-format", "json"),
        *("--word_timestamps", "True"),
    )
    segments = json.loads((tmp_path / f"{SPEECH.stem}.json").read_text())["segments"]
    words = [word for segment in segments for word in segment["words"]]
    assert "".join(word["word"] for word in words) == "".join(s["text"] for s in segments)
    assert [normalised(word["word"]) for word in words] == [
        normalised(word) for word in PERSON.text.split()
    ]
    assert all(list(word) == ["word", "start", "end", "probability"] for word in words)


def write_m4a(path: Path, source: Path) -> None:
    """Encode a clip as phones do."""
    with av.open(str(source)) as reading, av.open(str(path), "w") as writing:
        stream = writing.add_stream("aac", rate=44_100)
        resampler = av.AudioResampler(stream.format, stream.layout, 44_100)
        for frame in reading.decode(audio=0):
            for resampled in resampler.resample(frame):
                writing.mux(stream.encode(resampled))
        writing.mux(stream.encode(None))


def test_files_of_many_formats_in_one_go(sotto_program: Sotto, tmp_path: Path) -> None:
    samples, rate = soundfile.read(SPEECH)
    for suffix in ("wav", "mp3", "ogg"):
        soundfile.write(tmp_path / f"{suffix}.{suffix}", samples, rate)
    write_m4a(tmp_path / "m4a.m4a", SPEECH)
    files = sorted(tmp_path.iterdir())
    out = tmp_path / "out"
    transcribe(sotto_program, SPEECH, *files, "--output_dir", out)
    assert len(list(out.iterdir())) == 5 * 5
    expected = (out / f"{SPEECH.stem}.txt").read_text()
    assert normalised(expected) == normalised(PERSON.text)
    assert (out / "wav.txt").read_text() == expected
    for name in ("mp3", "ogg", "m4a"):
        assert normalised((out / f"{name}.txt").read_text()) == normalised(expected)


def test_a_bad_file_does_not_stop_the_good_ones(sotto_program: Sotto, tmp_path: Path) -> None:
    bad = tmp_path / "bad.wav"
    bad.write_text("no sound")
    result = sotto_program(
        *("transcribe", bad, CLIP, "--output_dir", tmp_path, "--output_format", "txt"),
        *("--model", "basic"),
    )
    assert result.returncode == 2
    assert f"sotto: “{bad}” holds no sound itself" in result.stderr
    assert (tmp_path / "000.txt").read_text().strip()


def test_what_cannot_be_saved_is_on_the_screen_and_told_and_costs_no_other(
    sotto_program: Sotto, tmp_path: Path
) -> None:
    other = shutil.copy(CLIP, tmp_path / "other.flac")
    out = tmp_path / "out"
    (out / f"{CLIP.stem}.txt").mkdir(parents=True)
    result = sotto_program(
        *("transcribe", CLIP, other, "--output_dir", out, "--output_format", "txt"),
        *("--model", "basic"),
    )
    told = f"{out / CLIP.stem}.txt could not be written (is a directory); choose another place."
    assert result.returncode == 2
    assert told in result.stderr
    saved = (out / "other.txt").read_text().strip()
    assert saved
    assert result.stdout.count(saved.splitlines()[0]) == 2


@pytest.mark.parametrize(
    "flags",
    [
        ["--beam_size", "2"],
        ["--temperature", "0.4"],
        ["--initial_prompt", "Names: Maria."],
        ["--threads", "1"],
        ["--device", "cpu", "--compute_type", "float32", "--language", "English"],
    ],
)
def test_flags_of_openai_whisper(flags: list[str], sotto_program: Sotto, tmp_path: Path) -> None:
    transcribe(sotto_program, SPEECH, "--output_dir", tmp_path, "--output_format", "txt", *flags)
    text = (tmp_path / f"{SPEECH.stem}.txt").read_text()
    assert word_errors([(PERSON.text, text)]).n_errors <= 1


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--language", "German"], "will take German for it"),
        (["--task", "translate"], "cannot translate"),
    ],
)
def test_a_model_for_english_says_that_it_hears_nothing_else(
    flags: list[str], said: str, sotto_program: Sotto, tmp_path: Path
) -> None:
    result = sotto_program(
        *("transcribe", CLIP, "--output_dir", tmp_path, "--output_format", "json", *flags),
        *("--model", "basic"),
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr.startswith("sotto: basic knows English only and ")
    assert said in result.stderr
    assert json.loads((tmp_path / "000.json").read_text())["language"] == "en"


@pytest.mark.parametrize("language", ["auto", "EN", "English"])
def test_a_language_is_given_as_one_likes(
    language: str, sotto_program: Sotto, tmp_path: Path
) -> None:
    result = sotto_program(
        *("transcribe", CLIP, "--output_dir", tmp_path, "--language", language),
        *("--model", "basic"),
    )
    assert result.returncode == 0
    assert [line for line in result.stderr.splitlines() if not line.endswith(COLD_CACHE)] == []


def test_the_model_in_the_box_hears_a_long_recording_stretch_by_stretch(
    sotto_program: Sotto, tmp_path: Path
) -> None:
    clips = [
        STARTER_CLIPS / f"{number}.flac" for number in ("000", "006", "018", "016", "026", "034")
    ]
    pause = np.zeros(8_000, np.float32)
    pieces = [piece for clip in clips for piece in (soundfile.read(clip)[0], pause)]
    soundfile.write(tmp_path / "long.wav", np.concatenate([*pieces, np.zeros(160_000)]), 16_000)
    result = sotto_program(
        "transcribe", tmp_path / "long.wav", "--output_dir", tmp_path, "--model", "basic"
    )
    assert result.returncode == 0, result.stderr
    said = {clip.name: clip.text for clip in starter_clips()}
    text = " ".join(said[f"starter/{clip.name}"] for clip in clips)
    assert word_errors([(text, (tmp_path / "long.txt").read_text())]).rate < 0.07


def test_a_long_recording_of_a_person(sotto_program: Sotto, tmp_path: Path) -> None:
    clips = human_clips()[14:20]
    pause = np.zeros(8_000, np.float32)
    speech = np.concatenate([part for clip in clips for part in (clip.pcm(), pause)])
    soundfile.write(tmp_path / "long.wav", speech, 16_000)
    transcribe(sotto_program, tmp_path / "long.wav", "--output_dir", tmp_path)
    text = " ".join(clip.text for clip in clips)
    assert word_errors([(text, (tmp_path / "long.txt").read_text())]).rate < 0.05


@pytest.mark.parametrize("flags", [["--verbose", "False"], ["-nt", "-np"], []])
def test_the_text_is_shown_as_one_likes(
    flags: list[str], sotto_program: Sotto, tmp_path: Path
) -> None:
    result = sotto_program(
        *("transcribe", CLIP, "-o", tmp_path, "-otxt", "-oj", "-m", "basic", *flags)
    )
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in tmp_path.glob("000.*")) == ["000.json", "000.txt"]
    text = (tmp_path / "000.txt").read_text()
    match flags:
        case ["--verbose", _]:
            assert result.stdout == ""
        case ["-nt", _]:
            assert result.stdout == text
        case _:
            assert result.stdout.startswith("[00:00.")


def test_silence_gives_no_text(sotto_program: Sotto, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(64_000, np.float32), 16_000)
    # OpenAI's models hear "You" in digital silence, and are sure enough of it for Whisper's rule.
    result = sotto_program(
        "transcribe", tmp_path / "silence.wav", "--output_dir", tmp_path, "--model", "basic"
    )
    assert (result.returncode, result.stdout) == (0, "")
    assert (tmp_path / "silence.txt").read_text().strip() == ""
