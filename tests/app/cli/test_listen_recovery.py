"""What `sotto listen` was told before it was killed comes back with its next start."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from sotto.app.core.journal.left import MOST_TRIES
from sotto.app.core.journal.pages import Pages
from sotto.app.core.journal.record import Passage, Record, from_json
from tests.app.cli.conftest import TIMEOUT_S, Sotto
from tools.fixtures.clips import CLIPS, SAMPLE_RATE, human_clips
from tools.fixtures.official import official

PERSON = human_clips()[17]  # LJ001-0018, of which every word is heard
KEYS = ["event", "start", "end", "text", "language", "when"]

Event = dict[str, Any]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


@pytest.fixture(name="journals")
def fixture_journals(environment: dict[str, str]) -> Path:
    return Path(environment["XDG_STATE_HOME"]) / "sotto" / "journal"


@pytest.fixture(name="silence")
def fixture_silence(tmp_path: Path) -> Path:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(SAMPLE_RATE // 10), SAMPLE_RATE)
    return path


def flags(source: Path) -> list[str]:
    model = str(official("tiny.en"))
    return ["listen", "--json", "--model", model, "--source", str(source)]


def killed(
    environment: dict[str, str], source: Path, is_time: Callable[[Event], bool]
) -> list[Event]:
    """Listen at the speed of speech until the event that says so; return all up to it."""
    with subprocess.Popen(
        [sys.executable, "-m", "sotto", *flags(source)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        events: list[Event] = []
        while not (events and is_time(events[-1])):
            events.append(json.loads(process.stdout.readline()))
        process.send_signal(signal.SIGKILL)
        return events


def killed_while_recovering(environment: dict[str, str], source: Path, journals: Path) -> None:
    """Start again, and be killed as soon as somebody begins with the sound."""
    (journal,) = (path for path in journals.iterdir() if path.is_dir())
    with subprocess.Popen(
        [sys.executable, "-m", "sotto", *flags(source)],
        env=environment,
        stdout=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + TIMEOUT_S
        while from_json((journal / "record.json").read_bytes()).tries == 0:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)


def events_of(result: "subprocess.CompletedProcess[str]") -> list[Event]:
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_words_of_a_killed_session_come_back_once(
    environment: dict[str, str], sotto_program: Sotto, journals: Path, silence: Path
) -> None:
    said_s = 5.0
    before = killed(environment, CLIPS / PERSON.name, lambda event: event.get("audio", 0) > said_s)
    committed = words(before[-1]["committed"])
    assert len(committed) > 8
    killed_while_recovering(environment, silence, journals)
    events = events_of(sotto_program(*flags(silence)))
    recovered = [event for event in events if event["event"] == "recovered"]
    assert [list(event) for event in recovered] == [KEYS]
    assert words(recovered[0]["text"])[: len(committed)] == committed
    assert recovered[0]["end"] > said_s - 1
    assert list(journals.iterdir()) == []
    assert events_of(sotto_program(*flags(silence))) == []


def test_what_was_printed_does_not_come_back(
    environment: dict[str, str], sotto_program: Sotto, tmp_path: Path, silence: Path
) -> None:
    twice = tmp_path / "twice.wav"
    pause = np.zeros(SAMPLE_RATE * 2, np.float32)
    soundfile.write(twice, np.concatenate([PERSON.pcm(), pause, PERSON.pcm()]), SAMPLE_RATE)
    # The second utterance has begun: its predecessor was printed a while ago.
    before = killed(environment, twice, lambda event: event.get("audio", 0) > 11)
    assert [words(e["text"]) for e in before if e["event"] == "final"] == [words(PERSON.text)]
    (recovered,) = events_of(sotto_program(*flags(silence)))
    assert recovered["start"] > 7
    assert words(recovered["text"])[:2] == words(PERSON.text)[:2]
    assert len(words(recovered["text"])) < len(words(PERSON.text))


def test_a_session_that_ends_leaves_nothing(sotto_program: Sotto, journals: Path) -> None:
    events = events_of(sotto_program(*flags(CLIPS / PERSON.name)))
    assert events[-1]["event"] == "final"
    assert list(journals.iterdir()) == []


def left(journals: Path, record: Record, n_samples: int = 0) -> None:
    pages = Pages.new(journals)
    pages.append(0, np.zeros(n_samples, np.int16))
    pages.write(record)
    pages.give_up()


def test_plain_lines_come_before_the_live_text(
    sotto_program: Sotto, journals: Path, silence: Path
) -> None:
    left(journals, Record("listen", passages=(Passage(0, 0.0, 1.0, " Not kept.", "en"),)))
    arguments = [each for each in flags(silence) if each != "--json"]
    result = sotto_program(*arguments)
    assert (result.returncode, result.stdout) == (0, "Not kept.\n")
    (line,) = result.stderr.splitlines()
    assert line.startswith("Recovered from the session of ")


def test_a_damaged_journal_costs_no_session(
    sotto_program: Sotto, journals: Path, silence: Path
) -> None:
    left(journals, Record("listen"), SAMPLE_RATE)
    (journal,) = (path for path in journals.iterdir() if path.is_dir())
    (journal / "record.json").write_bytes(b"\xff\x00{")
    (journal / "000000000016000.pcm").write_bytes(b"\x00\x01\x02")
    assert events_of(sotto_program(*flags(silence))) == []
    assert list(journals.iterdir()) == []


def test_sound_that_ends_the_process_each_time_is_left_alone_and_told_once(
    sotto_program: Sotto, journals: Path, silence: Path
) -> None:
    left(journals, Record("listen", committed=" Certain words", tries=MOST_TRIES), SAMPLE_RATE)
    first = sotto_program(*flags(silence))
    recovered, incident = events_of(first)
    assert recovered["text"] == "Certain words"
    assert "cannot be recognised; its sound stays in" in incident["message"]
    second = sotto_program(*flags(silence))
    assert (events_of(second), second.stderr) == ([], "")


def test_a_file_without_waiting_recovers_nothing(
    sotto_program: Sotto, journals: Path, silence: Path
) -> None:
    left(journals, Record("listen", passages=(Passage(0, 0.0, 1.0, " Not kept.", "en"),)))
    assert events_of(sotto_program(*flags(silence), "--speed", "max")) == []
    assert len(list(journals.iterdir())) == 2


def test_the_window_is_not_robbed(sotto_program: Sotto, journals: Path, silence: Path) -> None:
    left(journals, Record("window", passages=(Passage(0, 0.0, 1.0, " Not kept.", "en"),)))
    assert events_of(sotto_program(*flags(silence))) == []
    assert len([path for path in journals.iterdir() if path.is_dir()]) == 1


def test_two_at_once_share_what_is_left(
    environment: dict[str, str], journals: Path, silence: Path
) -> None:
    for number in range(4):
        left(journals, Record("listen", passages=(Passage(0, 0.0, 1.0, f" {number}", "en"),)))
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "sotto", *flags(silence)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    texts = [process.communicate(timeout=TIMEOUT_S)[0] for process in processes]
    recovered = [json.loads(line)["text"] for text in texts for line in text.splitlines()]
    deadline = time.monotonic() + TIMEOUT_S
    while any(journals.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert sorted(recovered) == [" 0", " 1", " 2", " 3"]
