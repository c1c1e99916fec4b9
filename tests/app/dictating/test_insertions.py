from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.words import Insert, Scratch
from sotto.app.desktop.insertion import Outcome, Target
from sotto.app.dictating.insertions import Insertions, Report
from sotto.errors import InsertionError
from tests.helpers.scripted_inserter import CHAT, EDITOR, ScriptedInserter

OURS = Target("3", "Sotto", "Sotto")


def insertions(inserter: ScriptedInserter) -> Insertions:
    made = Insertions(lambda: inserter)
    made.look(1)
    return made


def test_text_goes_where_the_focus_was_when_dictation_began() -> None:
    inserter = ScriptedInserter()
    assert insertions(inserter).write(1, [Insert("One."), Insert(" Two.")]) == Report(
        Outcome.INSERTED
    )
    assert inserter.texts == {EDITOR: "One. Two."}


def test_where_the_focus_moved_text_is_held_until_the_user_says_where_it_goes() -> None:
    inserter = ScriptedInserter()
    writing = insertions(inserter)
    inserter.focus = CHAT
    assert writing.write(1, [Insert("One.")]) == Report(Outcome.MOVED, "One.")
    inserter.focus = EDITOR  # what comes later must not come before it
    assert writing.write(1, [Insert(" Two.")]) == Report(Outcome.MOVED, "One. Two.")
    inserter.focus = CHAT
    assert writing.write_here() == Report(Outcome.INSERTED)
    assert writing.write(1, [Insert(" Three.")]) == Report(Outcome.INSERTED)
    assert inserter.texts == {CHAT: "One. Two. Three."}


def test_held_text_can_be_copied_or_dropped() -> None:
    inserter = ScriptedInserter(focus=None)
    writing = insertions(inserter)
    writing.write(1, [Insert("One.")])
    writing.copy()
    assert inserter.clipboard == "One."
    writing.write(1, [Insert("Two.")])
    writing.drop()
    assert writing.write(1, [Insert("Three.")]).held == "Three."


def test_held_text_is_scratched_where_it_is() -> None:
    writing = insertions(ScriptedInserter(focus=None))
    writing.write(1, [Insert("One."), Insert(" Two.")])
    assert writing.write(1, [Scratch(" Two.")]).held == "One."


def test_words_of_the_dictation_before_still_go_to_its_window() -> None:
    inserter = ScriptedInserter()
    writing = insertions(inserter)
    writing.write(1, [Insert("One.")])
    inserter.focus = CHAT
    writing.look(2)
    writing.write(2, [Insert("Hi.")])
    assert writing.write(1, [Insert(" Two.")]).held == " Two."
    assert writing.write(2, [Insert(" Anna.")]) == Report(Outcome.INSERTED)
    assert inserter.texts == {EDITOR: "One.", CHAT: "Hi. Anna."}


def test_what_is_only_copied_is_on_the_clipboard_as_a_whole() -> None:
    inserter = ScriptedInserter(outcomes=[Outcome.COPIED, Outcome.COPIED])
    writing = insertions(inserter)
    writing.write(1, [Insert("One."), Insert(" Two.")])
    assert inserter.clipboard == "One. Two."
    writing.write(1, [Scratch(" Two.")])
    assert inserter.clipboard == "One."


def test_a_secret_place_gets_nothing_and_nothing_is_held() -> None:
    inserter = ScriptedInserter(outcomes=[Outcome.SECRET])
    assert insertions(inserter).write(1, [Insert("One.")]) == Report(Outcome.SECRET)
    assert (inserter.texts, inserter.clipboard) == ({}, "")


def test_where_inserting_fails_the_text_is_held_and_the_reason_told() -> None:
    inserter = ScriptedInserter(outcomes=[InsertionError("no keyboard")])
    report = insertions(inserter).write(1, [Insert("One.")])
    assert report == Report(Outcome.MOVED, "One.", "no keyboard")


def test_without_a_desktop_the_text_is_held() -> None:
    def no_desktop() -> ScriptedInserter:
        raise InsertionError("no desktop")

    writing = Insertions(no_desktop)
    writing.look(1)
    assert writing.write(1, [Insert("One.")]).held == "One."


def test_sotto_writes_nothing_into_itself() -> None:
    inserter = ScriptedInserter(focus=OURS)
    assert insertions(inserter).write(1, [Insert("One.")]) == Report(Outcome.INSERTED)
    assert inserter.texts == {}


def test_a_text_of_earlier_goes_where_the_focus_is_now() -> None:
    inserter = ScriptedInserter(focus=CHAT)
    assert insertions(inserter).write_now("Old.") == Report(Outcome.INSERTED)
    inserter.focus = OURS
    assert insertions(inserter).write_now("Older.").held == "Older."
    assert inserter.texts == {CHAT: "Old."}


def test_closing_lets_the_display_go_until_it_is_needed() -> None:
    inserter = ScriptedInserter()
    writing = insertions(inserter)
    writing.close()
    assert inserter.is_closed
    assert writing.write(1, [Insert("One.")]) == Report(Outcome.INSERTED)


def test_once_open_it_looks_without_opening_anything() -> None:
    opened: list[ScriptedInserter] = []

    def open_one() -> ScriptedInserter:
        opened.append(ScriptedInserter())
        return opened[-1]

    early = Insertions(open_one)
    early.open()
    assert len(opened) == 1
    assert early.look(1) == EDITOR
    assert len(opened) == 1


def test_opening_early_keeps_silent_where_there_is_no_desktop() -> None:
    def open_none() -> ScriptedInserter:
        raise InsertionError("no desktop to write into")

    early = Insertions(open_none)
    early.open()
    assert early.look(1) is None
    assert early.write(1, [Insert("One.")]).held == "One."


FOCUS = st.sampled_from([EDITOR, CHAT, None])
OUTCOME = st.sampled_from([Outcome.INSERTED, InsertionError("not now")])


@given(st.lists(st.tuples(FOCUS, OUTCOME), max_size=30))
def test_whatever_the_focus_does_no_word_is_lost_and_their_order_stays(
    steps: list[tuple[Target | None, Outcome | InsertionError]],
) -> None:
    inserter = ScriptedInserter()
    writing = insertions(inserter)
    held = ""
    for number, (focus, outcome) in enumerate(steps):
        inserter.focus, inserter.outcomes = focus, [outcome]
        held = writing.write(1, [Insert(f"{number} ")]).held
    inserter.outcomes = []
    everything = "".join(f"{number} " for number in range(len(steps)))
    assert inserter.texts.get(EDITOR, "") + held == everything
    assert CHAT not in inserter.texts
