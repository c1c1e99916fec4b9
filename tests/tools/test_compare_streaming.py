"""The comparison of programs that stream: what is spoken, what is shown, and how it is judged."""

import io
import json
import math
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from sotto.inference.checkpoint import load_checkpoint
from sotto.inference.model.whisper_model import WhisperModel
from tools import compare_streaming
from tools.fixtures.clips import CLIPS
from tools.fixtures.random_checkpoint import STARTER
from tools.peers.speech import read_folder
from tools.peers.streaming import listening
from tools.peers.streaming.conversation import (
    LEAD_S,
    TAIL_S,
    Conversation,
    Sentence,
    Spoken,
    choose,
    join,
    read_conversation,
)
from tools.peers.streaming.judge import (
    Hearing,
    Judgement,
    Text,
    displays,
    first_committed,
    n_changed_commits,
)
from tools.peers.streaming.microphone import Microphone, Screen, Setup, as_floats
from tools.peers.streaming.process_tree import cpu_s, machine_cpu_s

SAMPLE_RATE = 16_000


def words(*pairs: str | float) -> tuple[Spoken, ...]:
    """Return words from a word, its end, the next word, and so on."""
    return tuple(
        Spoken(str(word), float(end)) for word, end in zip(pairs[::2], pairs[1::2], strict=True)
    )


CONVERSATION = Conversation(
    np.zeros(10 * SAMPLE_RATE, np.float32),
    (
        Sentence("The train leaves.", 2.0, words("the", 0.5, "train", 1.0, "leaves", 1.9)),
        Sentence("We stay", 6.0, words("we", 5.5, "stay", 5.9)),
    ),
)
TEXTS = (
    Text(1.0, "", "The tree"),
    Text(1.5, "The", " train"),
    Text(2.5, "The train", " leaves"),
    Text(3.0, "The train leaves.", ""),
    Text(6.5, "The train leaves.", "we stay"),
    Text(7.0, "The train leaves. We stay.", ""),
)


def judged(texts: Sequence[Text]) -> Judgement:
    judgement = Judgement()
    judgement.add(CONVERSATION, Hearing(tuple(texts), cpu_s=5.0, others_cpu_s=1.0, load=0.5))
    return judgement


def test_figures_of_a_program() -> None:
    judgement = judged(TEXTS)
    assert judgement.errors.n_errors == 0
    assert judgement.seen_s == pytest.approx([0.5, 0.5, 0.6, 1.0, 0.6])
    assert judgement.committed_s == pytest.approx([1.0, 1.5, 1.1, 1.5, 1.1])
    assert judgement.final_s == pytest.approx([1.0, 1.0])
    figures = judgement.figures()
    assert figures["normalised erasure"] == pytest.approx(1 / 5)  # "tree"
    assert figures["CPU seconds per second"] == pytest.approx(0.5)
    assert figures["CPU seconds per second, others"] == pytest.approx(0.1)
    assert figures["committed text changed, times"] == 0


def test_figures_of_several_pieces_add_up() -> None:
    judgement = judged(TEXTS)
    judgement.add(CONVERSATION, Hearing((), cpu_s=1.0, others_cpu_s=0.0, load=2.0))
    figures = judgement.figures()
    assert figures["word errors, %"] == 50  # nothing was heard of the second
    assert figures["CPU seconds per second"] == pytest.approx(0.3)
    assert (figures["sentences"], figures["sentences seen to be final"]) == (4, 2)
    assert figures["load average before"] == 2


def test_text_that_is_never_committed_has_no_time_of_it() -> None:
    judgement = judged([Text(text.t, "", f"{text.committed} {text.tentative}") for text in TEXTS])
    assert judgement.seen_s == pytest.approx([0.5, 0.5, 0.6, 1.0, 0.6])
    assert (judgement.committed_s, judgement.final_s) == ([], [])
    assert math.isnan(judgement.figures()["end of speech to final, p50, s"])


def test_committed_text_that_changes_was_not_committed_before() -> None:
    shown = displays([Text(1.0, "a tree", ""), Text(2.0, "a train", ""), Text(3.0, "a train", "x")])
    assert first_committed(shown) == [1.0, 2.0, None]
    assert n_changed_commits(shown) == 1


def test_lines_of_a_worker() -> None:
    out = io.StringIO()
    screen = Screen(out)
    screen.ready()
    screen.show("", "one")
    screen.show("", "one")  # nothing changed
    screen.show("one", "two")
    screen.done()
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [sorted(line) for line in lines[:2]] == [
        ["at", "ready"],
        ["at", "committed", "tentative"],
    ]
    texts = listening.parse(lines, lines[0]["at"])
    assert [(text.committed, text.tentative) for text in texts] == [("", "one"), ("one", "two")]
    assert 0 <= texts[0].t <= texts[1].t


def test_sound_comes_whole_in_blocks() -> None:
    pcm16 = np.arange(1000, dtype="<i2").tobytes()
    pipe = io.BytesIO()
    listening.speak(pcm16, pipe)
    blocks = list(Microphone(io.BytesIO(pipe.getvalue())).blocks(300))
    assert [len(block) // 2 for block in blocks] == [300, 300, 300, 100]
    assert np.array_equal(as_floats(b"".join(blocks)) * 2**15, np.arange(1000))


def test_pieces_are_disjoint_and_always_the_same() -> None:
    clips = read_folder(CLIPS / "human")
    first, second = choose(clips, 40.0, 2)
    assert not {clip.path for clip in first} & {clip.path for clip in second}
    assert choose(clips, 40.0, 3)[:2] == [first, second]
    assert sum(len(clip.pcm()) for clip in first) < (40.0 - LEAD_S - TAIL_S) * SAMPLE_RATE


def test_conversation_says_when_speech_ends(tmp_path: Path) -> None:
    clips = read_folder(CLIPS / "human")[:2]
    conversation = join(clips, WhisperModel.load(load_checkpoint(STARTER)))
    first, second = conversation.sentences
    n_first = len(clips[0].pcm())
    assert LEAD_S < first.end_s <= LEAD_S + n_first / SAMPLE_RATE
    assert second.end_s < conversation.duration_s - TAIL_S
    ends = [word.end_s for sentence in conversation.sentences for word in sentence.words]
    assert ends == sorted(ends)
    assert ends[0] > LEAD_S
    conversation.write(tmp_path / "piece-0")
    again = read_conversation(tmp_path / "piece-0")
    assert again.sentences == conversation.sentences
    assert again.pcm16() == conversation.pcm16()


def test_processor_time_of_a_process_and_its_children() -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass\nprint(flush=True); input()"
    both = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"
    before = machine_cpu_s()
    with subprocess.Popen(
        [sys.executable, "-c", both], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        spent = cpu_s(parent.pid)
        assert spent >= 0.29  # /proc counts hundredths
        assert machine_cpu_s() - before >= 0.25
        assert cpu_s(parent.pid) >= spent
        parent.communicate(b"\n")
    assert cpu_s(parent.pid) == 0


def test_results_become_a_table(tmp_path: Path) -> None:
    CONVERSATION.write(tmp_path / "piece-0")
    hearing = Hearing(TEXTS, cpu_s=5.0, others_cpu_s=1.0, load=0.5)
    contents = [
        {
            "program": program,
            "version": "1",
            "model": "base",
            "piece": 0,
            "hearing": asdict(hearing),
        }
        for program in ("whisper-live", "sotto")
    ]
    results = compare_streaming.judged(tmp_path, json.loads(json.dumps(contents)))
    assert list(results["base"]) == ["Sotto", "WhisperLive"]
    table = compare_streaming.markdown(results["base"]).splitlines()
    assert len({line.count("|") for line in table}) == 1
    assert table[2].startswith("| Sotto | 0.00 | 0.60 | 1.00 | 1.10 | 1.50 | 1.00 | 1.00 | 0.20 |")
    content = json.loads(compare_streaming.as_json(results, contents))
    assert content["versions"] == {"Sotto": "1", "WhisperLive": "1"}
    assert content["models"]["base"]["Sotto"]["texts"] == ["The train leaves. We stay. "]


@pytest.mark.engine
def test_sotto_listens_to_its_virtual_microphone() -> None:
    (clip,) = [clip for clip in read_folder(CLIPS / "human") if clip.path.stem == "LJ001-0002"]
    quiet = np.zeros(2 * SAMPLE_RATE, np.float32)
    sound = Conversation(np.concatenate((quiet, clip.pcm(), quiet)), ())
    setup = Setup(str(STARTER), openai="", ggml="", warm_up="", policy="", threads=2)
    hearing = listening.listen(sys.executable, "sotto", setup, sound.pcm16())
    last = hearing.texts[-1]
    assert last.committed
    assert not last.tentative
    assert hearing.cpu_s > 0


def test_program_that_is_not_there_says_why() -> None:
    setup = Setup("", openai="", ggml="", warm_up="", policy="", threads=2)
    with pytest.raises(listening.ListeningError, match="No module named"):
        listening.listen(sys.executable, "nothing", setup, b"")
