"""The page in a real browser, headless, whose microphone hears a person."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sotto.app.server import command
from tests.helpers.chromium import Page, chromium
from tools.fixtures.clips import CLIPS, human_clips
from tools.fixtures.sotto_server import SottoServer, sotto_server
from tools.word_error import word_errors

PERSON = human_clips()[16]
TOKEN = "a-token-that-nobody-guesses"  # noqa: S105 (of tests)
STATE = "document.querySelector('#{}').textContent"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def spoken(folder: Path) -> Path:
    """A person, after a moment in which the page opens the microphone, at a microphone's rate."""
    pcm, rate = soundfile.read(CLIPS / PERSON.name, dtype="float32")
    moment = np.zeros(2 * rate, np.float32)
    soundfile.write(folder / "spoken.wav", np.concatenate([moment, pcm, moment]), rate)
    return folder / "spoken.wav"


@pytest.fixture(scope="module")
def page(server: SottoServer, folder: Path, spoken: Path) -> Iterator[Page]:
    with chromium(folder / "profile", server.url, heard=spoken) as opened:
        yield opened
        assert opened.errors == []


def test_who_speaks_is_written_down(page: Page) -> None:
    page.wait(STATE.format("model"))
    page.click("#microphone")
    page.wait("document.querySelector('#live .tentative')?.textContent")  # before the end
    page.wait(f"{STATE.format('live')}.includes('followed')")  # near the end
    page.wait("document.querySelector('#live .tentative').textContent === ''")  # it is final
    page.click("#microphone")
    page.wait(f"{STATE.format('live-state')} === ''")
    assert word_errors([(PERSON.text, page.text("#live"))]).n_errors <= 2  # of 24
    assert page.value("document.querySelectorAll('#live .tentative:not(:empty)').length") == 0
    assert page.text("#lag").endswith(" s")
    assert float(page.text("#factor")) > 0
    assert page.text("#memory").endswith(" MB")
    assert page.text("#microphone") == "Start the microphone"


def test_chosen_files_are_written_down_with_times(page: Page, tmp_path: Path) -> None:
    (tmp_path / "<b>no sound<b>.wav").write_bytes(b"no sound at all")
    page.choose_files("#file", tmp_path / "<b>no sound<b>.wav", CLIPS / PERSON.name)
    page.wait(f"{STATE.format('file-state')}.includes('s of sound in')")
    lines = page.value("[...document.querySelectorAll('#segments li')].map(l => l.textContent)")
    assert lines[0] == "<b>no sound<b>.wav"  # a name is no HTML
    assert "The file" in lines[1]
    assert lines[2] == Path(PERSON.name).name
    texts = page.value("[...document.querySelectorAll('#segments time')].map(t => t.textContent)")
    assert texts[0] == "00:00:00.000"
    said = " ".join(line[len("00:00:00.000") :] for line in lines[3:])
    assert word_errors([(PERSON.text, said)]).n_errors <= 2


def test_a_token_is_asked_for(tmp_path: Path) -> None:
    with (
        sotto_server("starter-en", SOTTO_SERVER_TOKEN=TOKEN) as server,
        chromium(tmp_path / "profile", server.url) as page,
    ):
        page.wait("!document.querySelector('#token-form').hidden")
        assert page.text("#model") == ""
        page.value(f"document.querySelector('#token').value = '{TOKEN}'")
        page.click("#token-form button")
        page.wait(f"{STATE.format('model')} === 'starter-en'")
        page.wait("document.querySelector('#token-form').hidden")


def test_the_microphones_rate_becomes_16_khz(page: Page) -> None:
    """Tones of speech stay as they are; what 16 kHz cannot hold does not come back as others."""
    source = (Path(command.__file__).parent / "page" / "microphone.js").read_text()
    for rate in (44_100, 48_000, 96_000, 16_000):
        loudness = {
            hertz: page.value(
                f"""(() => {{
                    class AudioWorkletProcessor {{}}
                    const registerProcessor = () => {{}}, sampleRate = {rate};
                    {source}
                    const resampler = new Resampler(sampleRate), heard = [];
                    for (let at = 0; at < sampleRate; at += 128) {{
                        const turn = 2 * Math.PI * {hertz} / sampleRate;
                        const tone = (_, i) => Math.sin(turn * (at + i));
                        heard.push(...resampler.take(Float32Array.from({{length: 128}}, tone)));
                    }}
                    const middle = heard.slice(4000, 12000);
                    return [heard.length, Math.hypot(...middle) / Math.sqrt(middle.length)];
                }})()"""
            )
            for hertz in (100, 1000, 5000, 9500)
        }
        assert all(abs(n - 16_000) < 100 for n, _ in loudness.values())
        for hertz in (100, 1000, 5000):
            assert loudness[hertz][1] == pytest.approx(np.sqrt(0.5), rel=0.02)
        if rate > 16_000:
            assert loudness[9500][1] < 0.001
