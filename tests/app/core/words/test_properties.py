"""What holds for every text, whatever a model writes and however it arrives."""

import re
from itertools import accumulate, chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sotto import spelling
from sotto.app.core.words import Action, WordSettings, Writer
from sotto.app.core.words.actions import merged
from sotto.app.core.words.spoken_table import languages, spoken
from tests.helpers.dictated import Paper, dictated

SETTINGS = WordSettings(
    phrases={
        "smiley": ":-)",
        "new line please": "\n",
        "forget": "[scratch]",
        "good night": "[stop]",
    },
    replacements={"new york": "NYC", "bjork": "Björk", "um": "", "twenty questions": "20Q"},
    digits=True,
)
SAID = [said for said, _ in spoken("en").meanings()]
# Everything that may be more than a word, and beginnings of it.
TRICKY = sorted(
    {word for phrase in SAID for word in phrase.split()}
    | {word for phrase in SETTINGS.phrases for word in phrase.split()}
    | {word for phrase in SETTINGS.replacements for word in phrase.split()}
    | {"a", "the", "one", "five", "twenty", "second", "hundred", "million", "point", "oh", "and"}
    | {"percent", "per", "cent", "dollars", "pm", "twenty-five", "bjork's", "new-line", "2", "We"}
    | {"Hello", "Peter"}
)

NUMBERS = ["one hundred and five", "three point oh", "five per cent", "twenty dollars", "nine, ten"]

chunks = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "", "", "(", "“", '"']),
    st.sampled_from(TRICKY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    st.sampled_from(["", "", "", "", ",", ".", "?", "...", '."', ").", "!", ":"]),
)
phrases = st.sampled_from([*NUMBERS, *SAID])
texts = st.lists(phrases | chunks).map(" ".join)
dialogues = st.lists(texts, max_size=4)


@example(
    "A hundred and five point two per cent of one second, scratch that itch, scratch that.",
    [],
    None,
)
@example(
    "Quote new unquote, new line pleased, a million. Thanks, stop listening", ["Earlier."], None
)
@example("Hello scratch that ", [], None)
@example("no-break\u0085, space", [], None)  # only ASCII spaces part words
@example("scratch that. And", ["Earlier."], ",")
@given(texts, dialogues, st.sampled_from([None, "", ",", ";", ":"]))
def test_what_is_inserted_early_never_has_to_be_changed(
    text: str, earlier: list[str], joined_by: str | None
) -> None:
    before = after(earlier)
    at_once, whole = before.final(text, "", joined_by)
    for step in (1, 2, 7):  # characters; so it is cut in words, too
        growing, early = before, list[Action]()
        for cut in range(0, len(text) + 1, step):
            actions, growing = growing.committed(text[:cut], "", joined_by)
            early += actions
        late, growing = growing.final(text, "", joined_by)
        assert merged([*early, *late]) == at_once
        assert growing == whole


@st.composite
def texts_in(draw: st.DrawFn, language: str) -> str:
    """Return a text of phrases, numbers and marks, and beginnings of them."""
    table = spoken(language)
    ways = [way for way, _ in table.meanings()]
    numbers = [*chain(*table.numbers.words.values()), *table.numbers.decimal, *table.numbers.minus]
    signs = [part for sign in table.numbers.signs for part in sign.split("#")]
    cut = [way[: len(way) // 2] for way in ways]
    plain = [*table.never_after, *table.never_before, *table.no_command_after, "Hallo", "世界"]
    piece = st.sampled_from(ways) | st.sampled_from([*numbers, *numbers, *signs, *cut, *plain])
    mark = st.sampled_from(["", "", "", ".", ",", "?", "。", "，", " ?", "」", "("])  # noqa: RUF001
    space = st.sampled_from([" ", " ", " ", ""] if table.is_spaced else ["", "", "", " "])
    pieces = draw(st.lists(st.tuples(piece, mark, space), max_size=10))
    return "".join(part for piece in pieces for part in piece)


@pytest.mark.parametrize("language", languages())
@given(st.data(), st.booleans())
def test_every_language_is_written_early_as_it_is_at_once(
    language: str, data: st.DataObject, commands: bool
) -> None:
    text = data.draw(texts_in(language))
    settings = WordSettings(commands=commands, digits=True, language=language)
    _, before = Writer.of(settings).final("Earlier.")
    at_once, whole = before.final(text)
    growing, early = before, list[Action]()
    for cut in range(len(text) + 1):
        actions, growing = growing.committed(text[:cut])
        early += actions
    late, growing = growing.final(text)
    assert merged([*early, *late]) == at_once
    assert growing == whole


@given(texts)
def test_committed_words_are_not_held_back_for_good(text: str) -> None:
    grown = dictated_early(f"{text} plain words")
    assert grown.casefold().endswith("plain") or "quote" in text.casefold()


@given(st.lists(st.tuples(texts, st.integers(0, 100), st.booleans()), max_size=5))
def test_only_what_was_written_is_deleted(utterances: list[tuple[str, int, bool]]) -> None:
    paper, writer = Paper(), Writer.of(SETTINGS)
    for text, cut, is_undone in utterances:
        actions, writer = writer.committed(text[:cut])
        paper.carry_out(actions)  # asserts it
        if is_undone:
            actions, writer = writer.scratch()
            paper.carry_out(actions)
        actions, writer = writer.final(text)
        paper.carry_out(actions)


@given(dialogues)
def test_spaces_are_single_and_never_before_punctuation(finals: list[str]) -> None:
    settings = WordSettings(phrases=SETTINGS.phrases, digits=True)
    written = dictated(*(text.replace("quote", "") for text in finals), settings=settings)
    assert "  " not in written
    assert not re.search(r"[ \n] | \n| [,.;:?!…]+(\s|$)", written, re.ASCII)


plain_texts = st.text().filter(
    lambda text: not set(re.findall(r"\w+", text.casefold())).intersection(TRICKY)
)


@given(st.lists(plain_texts))
@example(["OS\x08"])
def test_text_without_commands_is_unchanged_but_for_spaces_and_capitals(texts: list[str]) -> None:
    assert letters(dictated(*texts, settings=SETTINGS)) == letters("".join(texts))


@given(
    st.lists(
        chunks.filter(lambda chunk: not re.search("quote|end|close", chunk, re.IGNORECASE)),
        min_size=1,
    )
)
def test_quoted_text_is_written_as_it_was_recognised(words: list[str]) -> None:
    text = " ".join(" ".join(words).split()).rstrip("., ")
    if text:
        quoted = dictated(f"Hello quote {text} unquote", settings=SETTINGS)
        assert quoted == f"Hello “{text}”"


@pytest.mark.parametrize("spoken", SAID)
def test_every_phrase_can_be_written_as_words(spoken: str) -> None:
    assert dictated(f"Say literal {spoken}.") == f"Say {spoken}."
    assert dictated(f"Say quote {spoken} unquote") == f"Say “{spoken}”" or "quote" in spoken


tables = st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.sampled_from(["[scratch]"]))


@given(dialogues, tables, tables, st.booleans(), st.sampled_from(["", "da", *languages()]))
def test_no_table_and_no_text_is_too_odd(
    finals: list[str],
    phrases: dict[str, str],
    replacements: dict[str, str],
    digits: bool,
    language: str,
) -> None:
    dictated(
        *finals,
        *phrases,
        *replacements,
        settings=WordSettings(
            phrases=phrases, replacements=replacements, digits=digits, language=language
        ),
    )


def after(finals: list[str]) -> Writer:
    writer = Writer.of(SETTINGS)
    for text in finals:
        _, writer = writer.final(text)
    return writer


def dictated_early(text: str) -> str:
    paper = Paper()
    actions, _ = Writer.of(SETTINGS).committed(text)
    paper.carry_out(actions)
    return paper.text


def letters(text: str) -> str:
    return re.sub(r"\s", "", text, flags=re.ASCII).casefold()


divisions = st.lists(st.integers(1, 4), min_size=1, max_size=12)


@given(divisions, divisions, st.integers(0, 12))
def test_words_that_are_divided_otherwise_in_the_end_lose_no_letter(
    first: list[int], last: list[int], n_committed: int
) -> None:
    """Letters in one order, each at its place in the alphabet."""
    sounds = "abcdefghijklmnopqrstuvwxyz" * 4
    committed = divided(sounds, first)[:n_committed]
    final = divided(sounds, last)
    n_said = max(sum(map(len, final)), sum(map(len, committed)))
    final.append(sounds[sum(map(len, final)) : n_said])
    early, writer = Writer.of(WordSettings(commands=False)).committed(" ".join(committed))
    late, _ = writer.final(f"{' '.join(final).strip()}.")
    paper = Paper()
    paper.carry_out((*early, *late))
    assert spelling.letters(paper.text) == sounds[:n_said]


def divided(sounds: str, lengths: list[int]) -> list[str]:
    """Return words of these lengths."""
    ends = list(accumulate(lengths))
    return [sounds[end - n : end] for n, end in zip(lengths, ends, strict=True)]
