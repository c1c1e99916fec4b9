"""What desktops and software centres read about Sotto."""

import configparser
import re
import shlex
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from sotto.app.cli import flags

ROOT = Path(__file__).parents[1]
DESKTOP = ROOT / "sotto" / "assets" / "desktop"


@pytest.fixture
def entry() -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    parser.read(DESKTOP / "sotto.desktop", encoding="utf-8")
    return parser


@pytest.fixture
def metainfo() -> ET.Element:
    return ET.parse(DESKTOP / "sotto.metainfo.xml").getroot()  # noqa: S314  # our own


def words(element: ET.Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path)]


def test_the_menu_entry_is_valid() -> None:
    found = subprocess.run(
        ["desktop-file-validate", str(DESKTOP / "sotto.desktop")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stdout) == (0, "")


def test_the_metainfo_is_valid() -> None:
    found = subprocess.run(
        [
            "appstreamcli",
            "validate",
            "--no-net",
            "--strict",
            # A reversed domain name would claim a domain, and Sotto has none.
            "--override=cid-desktopapp-is-not-rdns=pedantic",
            str(DESKTOP / "sotto.metainfo.xml"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout


def test_releases_are_those_of_the_changelog(metainfo: ET.Element) -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[(\d[^]]*)\] - (\S+)$", changelog, flags=re.MULTILINE)
    releases = metainfo.findall("releases/release")
    assert [(each.get("version"), each.get("date")) for each in releases] == released


def test_both_files_say_the_same(entry: configparser.RawConfigParser, metainfo: ET.Element) -> None:
    main = entry["Desktop Entry"]
    assert words(metainfo, "name") == [main["Name"]]
    assert words(metainfo, "summary") == [main["Comment"]]
    assert ";".join(words(metainfo, "categories/category")) + ";" == main["Categories"]
    assert set(words(metainfo, "keywords/keyword")) <= set(main["Keywords"].split(";"))
    assert words(metainfo, "launchable") == ["sotto.desktop"]
    assert words(metainfo, "icon") == [main["Icon"]] == ["sotto"]


def test_every_action_is_a_command_of_sotto(entry: configparser.RawConfigParser) -> None:
    actions = [each for each in entry["Desktop Entry"]["Actions"].split(";") if each]
    assert entry.sections() == ["Desktop Entry", *(f"Desktop Action {each}" for each in actions)]
    for section in entry.sections():
        program, *arguments = shlex.split(entry[section]["Exec"])
        assert program == "sotto"
        files = ["/a talk.mp3", "/b.wav"] if "%F" in arguments else []  # as desktops replace it
        flags.parse([each for each in arguments if each != "%F"] + files)


def test_every_kind_of_file_it_offers_to_open_is_sound_or_film(
    entry: configparser.RawConfigParser,
) -> None:
    main = entry["Desktop Entry"]
    kinds = [each for each in main["MimeType"].split(";") if each]
    assert len(set(kinds)) == len(kinds)
    assert {kind.partition("/")[0] for kind in kinds} == {"audio", "video"}
    assert main["Exec"] == "sotto %F"


def test_the_symbolic_icon_has_one_colour_that_desktops_replace() -> None:
    drawing = (DESKTOP / "sotto-symbolic.svg").read_text(encoding="utf-8")
    ET.fromstring(drawing)  # noqa: S314  # our own
    assert set(re.findall(r"#[0-9a-f]{6}", drawing)) == {"#2e3436"}
