"""The comparison on real weights: what is said, files of whole clips, tables, and a real run."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from tools.fixtures.clips import CLIPS
from tools.fixtures.official import official
from tools.fixtures.random_checkpoint import STARTER
from tools.peers import real_speech
from tools.peers.programs import (
    BATCHED,
    GREEDY,
    SOTTO,
    STREAMING,
    TRANSCRIBERS,
    Installed,
    Variant,
)
from tools.peers.real_speech import Cell, RealSpeech, SoundFile
from tools.peers.speech import Recording, joined, read_folder
from tools.peers.transcriber import Transcript

SOTTO_INT8, SOTTO_FLOAT32 = Variant(SOTTO, "int8"), Variant(SOTTO, "float32")


def test_folder_tells_what_is_said() -> None:
    recordings = read_folder(CLIPS / "human")
    assert len(recordings) == 24
    assert {recording.language for recording in recordings} == {"en"}
    assert all(recording.path.exists() for recording in recordings)


def test_what_stands_in_brackets_is_said(tmp_path: Path) -> None:
    row = {"file": "a.wav", "text": "one (two) [three]", "language": "de"}
    (tmp_path / "clips.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    expected = Recording(tmp_path.name, tmp_path / "a.wav", "one two three", "de")
    assert read_folder(tmp_path) == [expected]


def test_some_utterances_of_each_reader_are_drawn_and_always_the_same(tmp_path: Path) -> None:
    for reader in ("1", "2"):
        names = [f"{reader}-1-{index:04}" for index in range(6)]
        lines = "".join(f"{name} SO SAID {reader}\n" for name in names)
        (tmp_path / f"{reader}-1.trans.txt").write_text(lines, encoding="utf-8")
        for name in names:
            (tmp_path / f"{name}.flac").touch()
    drawn = read_folder(tmp_path, 2)
    assert [recording.text for recording in drawn] == ["so said 1"] * 2 + ["so said 2"] * 2
    assert drawn == read_folder(tmp_path, 2)
    assert len(read_folder(tmp_path)) == 12


def test_file_is_made_of_whole_clips_and_lasts_as_long_as_asked() -> None:
    clips = read_folder(CLIPS / "human")
    sound, text = joined(clips, 20.0)
    assert sound.shape == (20 * 16_000,)
    said = [clip for clip in clips if clip.text in text]
    assert " ".join(clip.text for clip in said) == text
    n_said = sum(len(clip.pcm()) for clip in said)
    assert len(sound) - 5 * 16_000 < n_said < len(sound)  # no other clip would have fitted
    assert np.array_equal(sound[: len(said[0].pcm())], said[0].pcm())


def test_long_file_repeats_its_clips() -> None:
    (clip,) = [clip for clip in read_folder(CLIPS / "human") if clip.path.stem == "LJ001-0002"]
    sound, text = joined([clip], 7.0)
    assert len(sound) == 7 * 16_000
    assert text == f"{clip.text} {clip.text} {clip.text}"


def test_file_is_too_short_for_any_clip() -> None:
    with pytest.raises(ValueError, match="shorter than"):
        joined(read_folder(CLIPS / "human"), 0.5)


def heard(seconds: float, text: str, length_s: float = 5.0) -> Cell:
    file = SoundFile(length_s, Path("sound.npy"), "the red car stops")
    return Cell(file, [Transcript(text, seconds, 100.4), Transcript("", seconds + 1, 200.0)])


def test_real_table_has_time_memory_and_errors_of_each_file() -> None:
    ours, theirs = Variant(SOTTO, "int8"), Variant("faster-whisper", "int8", what=BATCHED)
    long = SoundFile(600.0, Path("long.npy"), "stops")
    cells = {
        ours: [heard(1.0, "the red car stops"), Cell(long)],
        theirs: [heard(4.0, "the red stops"), Cell(long)],
    }
    assert real_speech.markdown(cells).split("\n") == [
        "|  | 5 s | 10 min |",
        "| --- | ---: | ---: |",
        "| sotto int8 | 1.00 s, 100 MB, 0.0 % | - |",
        "| faster-whisper int8, batched | 4.00 s, 100 MB, 25.0 % | - |",
        "| sotto int8: time ÷ best other | 0.25 | - |",
    ]


def test_real_json_keeps_every_time_and_the_text() -> None:
    (entry,) = real_speech.to_json({SOTTO_INT8: [heard(1.0, "the red")]})
    assert json.loads(json.dumps(entry)) == {
        "program": "sotto int8",
        "file_s": 5.0,
        "seconds": [1.0, 2.0],
        "peak_mb": 100.4,
        "errors": 2,
        "words": 4,
        "text": "the red",
    }


def test_program_that_would_take_too_long_is_left_out(tmp_path: Path) -> None:
    """The first file is tried without patience, the second one not."""
    clip, _ = read_folder(CLIPS / "starter")[:2]
    lengths_s = [len(clip.pcm()) / 16_000 + pause_s for pause_s in (1, 2)]
    files = real_speech.write_files([clip], lengths_s, tmp_path)
    here = {SOTTO: Installed(sys.executable, "")}
    comparison = RealSpeech(files, here, threads=1, rounds=1, patience_s=0.0)
    (cells,) = comparison.run({SOTTO_FLOAT32: STARTER}).values()
    assert [len(cell.transcripts) for cell in cells] == [1, 0]
    assert not comparison.failures


def test_ways_to_transcribe_are_told_apart_by_their_names() -> None:
    assert len({variant.name for variant in TRANSCRIBERS}) == len(TRANSCRIBERS)
    assert {variant.what for variant in TRANSCRIBERS if variant.program == SOTTO} == {
        "transcription",
        BATCHED,
        GREEDY,
        STREAMING,
    }


def test_sotto_transcribes_real_speech(tmp_path: Path) -> None:
    """A person's by tiny.en, by two ways, and by one that is not there."""
    clips = read_folder(CLIPS / "human")[1:8:6]
    files = real_speech.write_files(
        clips, [sum(len(c.pcm()) for c in clips) / 16_000 + 1], tmp_path
    )
    programs = {SOTTO: Installed(sys.executable, "")}
    comparison = RealSpeech(files, programs, threads=1, rounds=2)
    streaming, missing = Variant(SOTTO, "float32", what=STREAMING), Variant(SOTTO, "int4")
    cells = comparison.run(dict.fromkeys((SOTTO_FLOAT32, streaming, missing), official("tiny.en")))
    for variant in (SOTTO_FLOAT32, streaming):
        (one,) = cells[variant]
        assert len(one.transcripts) == 2
        assert one.seconds > 0
        assert one.peak_mb > 100
        assert one.errors.n_words == 4 + 4
        assert one.errors.n_errors <= 1
    assert not cells[missing][0].transcripts
    (failure,) = comparison.failures
    assert failure.startswith("sotto int4, loading: ValueError")
