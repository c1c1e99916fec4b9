from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.audio.input.file_source import BLOCK, FileSource
from sotto.audio.input.source import SAMPLE_RATE, Pcm, Source
from sotto.errors import AudioFileError
from tests.helpers.examples import examples
from tests.helpers.sound_files import encode
from tools.fixtures.clips import CLIPS, starter_clips
from tools.fixtures.fake_clock import FakeClock

CLIP = starter_clips()[0]
PATH = CLIPS / CLIP.name


def read_into(blocks: list[Pcm], source: Source) -> None:
    while not source.exhausted:
        blocks.append(source.read())


def read_all(source: Source) -> list[Pcm]:
    blocks: list[Pcm] = []
    read_into(blocks, source)
    return blocks


@settings(max_examples=examples(30))
@given(steps=st.lists(st.floats(0, 2), max_size=20))
def test_it_feeds_at_the_speed_of_sound(steps: list[float]) -> None:
    clock, whole = FakeClock(), CLIP.pcm()
    source = FileSource(PATH, clock=clock)
    source.open()
    clock.sleep(60)  # a model may be loaded now: the first sample sounds at the first read
    began, n_read, blocks = clock.now(), 0, [source.read()]
    for step in steps:
        clock.sleep(step)
        blocks.append(source.read())
        n_read += len(blocks[-1])
        sounded = int((clock.now() - began) * SAMPLE_RATE)
        assert n_read == min(len(whole), sounded // BLOCK * BLOCK)
    clock.sleep(60)
    blocks += read_all(source)
    np.testing.assert_array_equal(np.concatenate(blocks), whole)


def test_at_full_speed_the_blocks_are_those_of_a_microphone() -> None:
    source = FileSource(PATH, "max")
    source.open()
    blocks = read_all(source)
    assert {len(block) for block in blocks[:-1]} == {SAMPLE_RATE // 10}
    np.testing.assert_array_equal(np.concatenate(blocks), CLIP.pcm())
    assert source.losses() == []
    assert source.name == "000.flac"


def test_what_sounded_before_closing_can_be_read_after_it() -> None:
    clock = FakeClock()
    source = FileSource(PATH, clock=clock)
    source.open()
    source.read()
    clock.sleep(1)
    source.close()
    source.close()
    clock.sleep(1)
    assert not source.exhausted
    np.testing.assert_array_equal(source.read(), CLIP.pcm()[:SAMPLE_RATE])
    assert source.exhausted


def test_closed_before_the_first_read_it_has_nothing() -> None:
    source = FileSource(PATH, clock=FakeClock())
    source.open()
    source.close()
    assert source.exhausted


def test_what_is_no_sound_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Dear Laura\n" * 100)
    for name in ("notes.txt", "missing.wav"):
        with pytest.raises(AudioFileError, match=name):
            FileSource(tmp_path / name).open()


def test_a_file_cut_short_is_heard_to_the_cut_and_then_reported(tmp_path: Path) -> None:
    data = encode(CLIP.pcm(), SAMPLE_RATE, "flac")
    (tmp_path / "cut.flac").write_bytes(data[: len(data) // 2])
    source = FileSource(tmp_path / "cut.flac", "max")
    source.open()
    blocks: list[Pcm] = []
    with pytest.raises(AudioFileError, match="cut short"):
        read_into(blocks, source)
    heard = np.concatenate(blocks)
    assert len(heard) > SAMPLE_RATE
    np.testing.assert_array_equal(heard, CLIP.pcm()[: len(heard)])
    assert source.exhausted
