"""What the documents name is there: paths, modules, links and the headings that they lead to."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted(ROOT.glob("docs/*.md")),
    *sorted(ROOT.glob("tools/**/*.md")),
    *sorted(ROOT.glob("sotto/assets/**/*.md")),
]
OF_BEFORE = {"CHANGELOG.md"}  # tells of files that have gone
GONE = "tools/starter"  # the recipe of the model in the box, at a commit that its card names
CODE = (".py", ".mojo", ".js", ".c", ".sh")
TREES = ("sotto", "tests", "tools", "docs")


@cache
def tracked() -> frozenset[str]:
    """All files and folders of ours, below the root."""
    below = [path for tree in TREES for path in (ROOT / tree).rglob("*")]
    paths = [path for path in below if "__pycache__" not in path.parts]
    return frozenset(str(path.relative_to(ROOT)) for path in paths)


@cache
def rooms() -> frozenset[str]:
    """The folders that a path may begin with: the trees, and what is near their roots."""
    near = {path.rpartition("/")[2] for path in tracked() if path.count("/") in {1, 2}}
    folders = {name for name in near if "." not in name}
    return frozenset(folders - {"models", "files", "golden"}) | set(TREES) | {".ci", ".github"}


def paths_in(text: str) -> Iterator[str]:
    """Yield the words in backticks that are paths of this repository, if of any."""
    for quoted in re.findall(r"`([^`\n]+)`", text):
        for word in quoted.split():
            is_code = word.endswith(CODE)
            is_below = "/" in word and word.partition("/")[0] in rooms()
            has_a_gap = any(part.isupper() for part in word.replace(".", "/").split("/"))
            if re.fullmatch(r"[\w./*-]+", word) and (is_code or is_below) and not has_a_gap:
                yield word.rstrip("/")


def is_there(path: str) -> bool:
    pattern = re.compile(r"(.*/)?" + re.escape(path).replace(r"\*", "[^/]*"))
    return (ROOT / path).exists() or any(map(pattern.fullmatch, tracked()))


def slug(heading: str) -> str:
    """What GitHub makes of a heading."""
    plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def by_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


current = pytest.mark.parametrize(
    "document", [path for path in DOCUMENTS if path.name not in OF_BEFORE], ids=by_name
)


@current
def test_paths(document: Path) -> None:
    named = set(paths_in(document.read_text(encoding="utf-8")))
    gone = {path for path in named if path.startswith(GONE)}
    assert sorted(path for path in named - gone if not is_there(path)) == []


@current
def test_modules(document: Path) -> None:
    modules = re.findall(r"-m ((?:tools|sotto)[\w.]*)", document.read_text(encoding="utf-8"))
    files = {module.replace(".", "/") for module in modules}
    assert [
        file for file in sorted(files) if not {file, f"{file}.py"} & (tracked() | {"sotto"})
    ] == []


@current
def test_links(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target, heading in re.findall(r"\]\(([^)#:\s]*)(?:#([^)\s]+))?\)", text):
        linked = document.parent / target if target else document
        assert linked.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.*)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in map(slug, headings), f"{target}#{heading}"


def test_what_is_not_there_is_seen() -> None:
    text = "`router.mojo`, `sotto/app/nowhere`, `tests/app/cli/`, `inference/decoding`, `a/b.wav`"
    named = list(paths_in(text))
    assert named == ["router.mojo", "sotto/app/nowhere", "tests/app/cli", "inference/decoding"]
    assert [path for path in named if not is_there(path)] == ["router.mojo", "sotto/app/nowhere"]
