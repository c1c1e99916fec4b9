"""People who do not pause: their finals come in parts, behind which words are committed."""

from hypothesis import given
from hypothesis import strategies as st

from sotto.app.core.settings import Settings
from sotto.app.core.words import Insert, Scratch, Writer
from sotto.app.core.words.actions import Action
from sotto.app.core.words.word_settings import WordSettings

SAID = [f"w{i}" + "." * (i % 5 == 4) for i in range(30)]


def applied(text: str, actions: tuple[Action, ...]) -> str:
    for action in actions:
        match action:
            case Insert(inserted):
                text += inserted
            case Scratch(scratched):
                text = text.removesuffix(scratched)
    return text


@given(
    ends=st.sets(st.integers(1, len(SAID) - 1), max_size=4),
    ahead=st.integers(0, 5),
)
def test_no_word_is_written_twice_or_left_out(ends: set[int], ahead: int) -> None:
    writer = Writer.of(WordSettings.of(Settings()))
    written, begin = "", 0
    for end in [*sorted(ends), len(SAID)]:
        # Some words behind the part are committed already when its final comes.
        actions, writer = writer.committed(" ".join(SAID[begin : end + ahead]))
        written = applied(written, actions)
        actions, writer = writer.final(" ".join(SAID[begin:end]))
        written = applied(written, actions)
        begin = end
    assert [word.casefold() for word in written.split()] == SAID
