"""`sotto listen` whose disk takes its time for all that is written on it."""

import json
from pathlib import Path

import pytest

from tests.app.cli.conftest import Sotto
from tools.fixtures.clips import CLIPS, starter_clips
from tools.fixtures.slow_disk import slow_disk

CLIP = starter_clips()[0]


@pytest.mark.engine
def test_a_session_loses_nothing_and_leaves_nothing(
    environment: dict[str, str], sotto_program: Sotto, tmp_path: Path
) -> None:
    state = Path(environment["XDG_STATE_HOME"])
    disk = slow_disk(state, tmp_path, least_s=0.2, most_s=0.4, share=1.0)
    arguments = ("listen", "--json", "--model", "starter-en", "--source", CLIPS / CLIP.name)
    result = sotto_program(*arguments, **disk)
    assert (result.returncode, result.stderr) == (0, "")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert {event["event"] for event in events} == {"partial", "final"}
    quick = sotto_program(*arguments)
    texts = [
        [event["text"] for event in map(json.loads, each.splitlines()) if event["event"] == "final"]
        for each in (result.stdout, quick.stdout)
    ]
    assert texts[0] == texts[1] != []
    assert list((state / "sotto" / "journal").iterdir()) == []
    assert "listen ends" in (state / "sotto" / "log" / "sotto.log").read_text()
