"""Which way of inserting is taken for which application."""

import pytest

from sotto.app.core.settings import InsertMethod, Settings
from sotto.app.desktop.insertion.rules import (
    EDITORS_WITHOUT_PASTE,
    PASSWORD_MANAGERS,
    REMOTE_DESKTOPS,
    TERMINALS,
    TERMINALS_WITHOUT_PASTE,
    Rule,
    rule_for,
)
from sotto.errors import InsertionError

TABLES = (
    TERMINALS,
    TERMINALS_WITHOUT_PASTE,
    EDITORS_WITHOUT_PASTE,
    REMOTE_DESKTOPS,
    PASSWORD_MANAGERS,
)


@pytest.mark.parametrize(
    ("application", "method"),
    [
        ("Mousepad", InsertMethod.PASTE),
        ("an application that nobody knows", InsertMethod.PASTE),
        ("Gnome-terminal", InsertMethod.TERMINAL_PASTE),
        ("XTerm", InsertMethod.TYPE),
        ("Emacs", InsertMethod.TYPE),
        ("Remmina", InsertMethod.CLIPBOARD),
        ("KeePassXC", InsertMethod.NONE),
    ],
)
def test_known_applications(application: str, method: InsertMethod) -> None:
    assert rule_for(application, Settings()) == Rule(method, is_chosen=False)


def test_users_own_rule_wins_in_whatever_case() -> None:
    settings = Settings(insert_method=InsertMethod.TYPE, applications={"keepassxc": "paste"})
    assert rule_for("KeePassXC", settings) == Rule(InsertMethod.PASTE, is_chosen=True)


@pytest.mark.parametrize(
    ("application", "method"),
    [
        ("Mousepad", InsertMethod.TYPE),
        ("Gnome-terminal", InsertMethod.TYPE),
        ("KeePassXC", InsertMethod.NONE),
    ],
)
def test_choice_for_all_spares_password_managers(application: str, method: InsertMethod) -> None:
    rule = rule_for(application, Settings(insert_method=InsertMethod.TYPE))
    assert rule.method is method


@pytest.mark.parametrize(
    ("application", "method"),
    [("Gnome-terminal", InsertMethod.TERMINAL_PASTE), ("XTerm", InsertMethod.TYPE)],
)
def test_paste_everywhere_means_the_own_key_of_terminals(
    application: str, method: InsertMethod
) -> None:
    rule = rule_for(application, Settings(insert_method=InsertMethod.PASTE))
    assert rule == Rule(method, is_chosen=False)


def test_method_that_does_not_exist_is_named() -> None:
    settings = Settings(applications={"Firefox": "pste"})
    with pytest.raises(InsertionError, match=r'"pste" for Firefox.*terminal-paste'):
        rule_for("Firefox", settings)


def test_tables_are_in_lower_case_and_apart() -> None:
    names = [name for table in TABLES for name in table]
    assert names == [name.casefold() for name in names]
    assert len(names) == len(set(names))
