import pytest

from sotto.app.core.words import WordSettings
from tests.helpers.dictated import dictated

REPLACEMENTS = WordSettings(
    replacements={
        "Anna Bjork": "Anna Björk",
        "bjork": "Björk",
        "c plus plus": "C++",
        "e mail": "email",
        "bjork quartet": "Quartet of Bjork",
        "node.js": "Node.js",
        "kind regards": "kind regards,\nAnna",
        "um": "",
        "iphone": "iPhone",
        "limited": "Ltd.",
    }
)
EXAMPLES = [
    ("I met anna bjork, today.", "I met Anna Björk, today."),
    ("Bjork sings (bjork!).", "Björk sings (Björk!)."),
    (
        "Bjork's songs, bjork\N{RIGHT SINGLE QUOTATION MARK}s songs",
        "Björk's songs, Björk\N{RIGHT SINGLE QUOTATION MARK}s songs",
    ),
    ("With anna (bjork).", "With anna (Björk)."),
    ("The bjork quartet sang.", "The Quartet of Bjork sang."),  # longest first, and only once
    ("Bjorkman is another.", "Bjorkman is another."),
    ("C plus plus and C-plus-plus.", "C++ and C++."),
    ("e-mail me. E-mail you.", "Email me. email you."),
    ("Anna. Bjork", "Anna. Björk"),
    ("NODE.JS.", "Node.js."),
    ("iphone", "iPhone"),
    ("Um, well, um, yes. Um.", "Well, yes."),
    ("Bye new line kind regards", "Bye\nKind regards,\nAnna"),
    ("Fox Limited. Fox Limited, too.", "Fox Ltd. Fox Ltd., too."),
    ("literal bjork", "Bjork"),
]


@pytest.mark.parametrize(("said", "written"), EXAMPLES)
def test_replacements(said: str, written: str) -> None:
    assert dictated(said, settings=REPLACEMENTS) == written
